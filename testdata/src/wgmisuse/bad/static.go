package bad

import (
	"log"
	"sync"
)

// A pool counts its workers in a field that only they add to.
type workerPool struct {
	running sync.WaitGroup
	load    func(page int) error
}

func (p *workerPool) Run(n int) {
	for w := range 4 {
		go p.worker(w, n)
	}
	p.running.Wait()
}

func (p *workerPool) worker(first, n int) {
	p.running.Add(1) // want `the Add of p\.running in the goroutine of line \d+ can run after the Wait on line \d+ has returned`
	defer p.running.Done()
	for page := first; page < n; page += 4 {
		if err := p.load(page); err != nil {
			return
		}
	}
}

// A mirror counts each copy once, and takes it off twice when the file is missing.
type mirror struct {
	pending sync.WaitGroup
	targets []string
	open    func(name string) error
}

func (m *mirror) Start(name string) {
	for _, dir := range m.targets {
		m.pending.Add(1)
		go m.copy(dir + "/" + name)
	}
}

func (m *mirror) copy(name string) {
	defer m.pending.Done()
	if err := m.open(name); err != nil {
		log.Print(err)
		m.pending.Done() // want `m\.pending\.Done is called here and once more by the defer on line \d+, and one was added: the counter goes below zero, which panics`
		return
	}
}

// A flusher is told that all is flushed before anything is.
type buffer interface{ Flush() error }

func flushAll(buffers []buffer) {
	var wg sync.WaitGroup
	for _, b := range buffers {
		flushOne(&wg, b)
	}
	wg.Wait()
}

func flushOne(wg *sync.WaitGroup, b buffer) {
	wg.Add(1)
	defer wg.Done() // want `wg\.Done is called when flushOne has started the goroutine on line \d+, and not at its end, so Wait does not wait for it; call it there`
	go func() {
		if err := b.Flush(); err != nil {
			log.Print(err)
		}
	}()
}

// The sizes are made one after the other.
func resize(widths []int, scale func(width int)) {
	var wg sync.WaitGroup
	for _, width := range widths {
		wg.Add(1)
		go func() {
			defer wg.Done()
			scale(width)
		}()
		wg.Wait() // want `wg\.Wait in each turn of the loop waits for the one goroutine that was started on line \d+: they run one after the other; wait behind the loop`
	}
}

func resizeGo(widths []int, scale func(width int)) {
	var sizes sync.WaitGroup
	for _, width := range widths {
		sizes.Go(func() { scale(width) })
		sizes.Wait() // want `sizes\.Wait in each turn of the loop waits for the one goroutine`
	}
}
