package bad

import (
	"errors"
	"sync"
)

// An importer counts each file once, and takes it off twice when that is refused.
type importer struct {
	open    sync.WaitGroup
	mu      sync.Mutex
	refused []string
	load    func(file string) error
}

var errFormat = errors.New("format")

func (m *importer) Import(files []string) {
	for _, file := range files {
		m.open.Add(1)
		go m.one(file)
	}
	m.open.Wait()
}

func (m *importer) one(file string) {
	defer m.open.Done()
	if err := m.load(file); errors.Is(err, errFormat) {
		m.refuse(file) // want `m\.open\.Done is called by m\.refuse and once more by the defer on line \d+, and one was added: the counter goes below zero, which panics`
	}
}

func (m *importer) refuse(file string) {
	m.note(file)
	m.done()
}

func (m *importer) note(file string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refused = append(m.refused, file)
}

func (m *importer) done() { m.open.Done() }

// The group is an argument.
func probeAll(hosts []string, probe func(string) bool, lost func(string)) {
	var wg sync.WaitGroup
	for _, h := range hosts {
		wg.Add(1)
		go probeOne(&wg, h, probe, lost)
	}
	wg.Wait()
}

func probeOne(wg *sync.WaitGroup, host string, probe func(string) bool, lost func(string)) {
	defer wg.Done() // want `wg\.Done panics: the counter is zero already`
	if !probe(host) {
		giveUp(wg, host, lost)
	}
}

func giveUp(wg *sync.WaitGroup, host string, lost func(string)) {
	defer wg.Done()
	lost(host)
}

// A chunker stores what it is given in the background; Go counts that already.
type chunker struct {
	wg    sync.WaitGroup
	slots chan struct{}
	put   func([]byte)
}

func (c *chunker) Write(p []byte) {
	c.slots <- struct{}{}
	c.wg.Go(func() { c.store(p) })
}

func (c *chunker) store(p []byte) {
	defer c.wg.Done() // want `^c.wg.Done panics: the Go of line \d+, which leads here, counts by itself, and nothing is added; leave the Done out$`
	defer func() { <-c.slots }()
	c.put(p)
}

func (c *chunker) Close() { c.wg.Wait() }
