package good

import (
	"bytes"
	"io"
	"sync"
)

var messages = sync.Pool{New: func() any { return new(bytes.Buffer) }}

type publisher struct {
	mu   sync.RWMutex
	subs map[int]io.Writer
	wg   sync.WaitGroup
}

// The subscribers have a copy.
func (p *publisher) publish(encode func(io.Writer)) {
	buf := messages.Get().(*bytes.Buffer)
	buf.Reset()
	defer messages.Put(buf)
	encode(buf)
	msg := bytes.Clone(buf.Bytes())

	p.mu.RLock()
	defer p.mu.RUnlock()
	for _, w := range p.subs {
		p.wg.Go(func() { _, _ = w.Write(msg) })
	}
}

// The deferred Wait runs before the deferred Put.
func sendAll(ws []io.Writer, encode func(io.Writer)) {
	buf := messages.Get().(*bytes.Buffer)
	buf.Reset()
	defer messages.Put(buf)
	encode(buf)
	var wg sync.WaitGroup
	defer wg.Wait()
	for _, w := range ws {
		wg.Go(func() { _, _ = w.Write(buf.Bytes()) })
	}
}

func sendAndWait(ws []io.Writer, encode func(io.Writer)) {
	buf := messages.Get().(*bytes.Buffer)
	buf.Reset()
	encode(buf)
	var wg sync.WaitGroup
	for _, w := range ws {
		wg.Go(func() { _, _ = w.Write(buf.Bytes()) })
	}
	wg.Wait()
	messages.Put(buf)
}

// The last goroutine puts it.
func lastPuts(ws []io.Writer, encode func(io.Writer)) {
	buf := messages.Get().(*bytes.Buffer)
	buf.Reset()
	encode(buf)
	var wg sync.WaitGroup
	for _, w := range ws {
		wg.Go(func() { _, _ = w.Write(buf.Bytes()) })
	}
	go func() {
		wg.Wait()
		messages.Put(buf)
	}()
}

var chunks = sync.Pool{New: func() any { b := make([]byte, 0, 512); return &b }}

// The memory is taken out before the Put.
func takeOut(s string) []byte {
	b := chunks.Get().(*[]byte)
	*b = append((*b)[:0], s...)
	out := *b
	*b = nil
	chunks.Put(b)
	return out
}
