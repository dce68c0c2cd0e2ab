package bad

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

// The message goes back to the pool while it is still being written to the subscribers.
func (p *publisher) publish(encode func(io.Writer)) {
	buf := messages.Get().(*bytes.Buffer)
	buf.Reset()
	defer messages.Put(buf) // want `messages.Put of buf races with the goroutine started on line 28, which still uses it`
	encode(buf)
	msg := buf.Bytes()

	p.mu.RLock()
	defer p.mu.RUnlock()
	for _, w := range p.subs {
		p.wg.Go(func() { _, _ = w.Write(msg) })
	}
}

func sendAll(ws []io.Writer, encode func(io.Writer)) {
	buf := messages.Get().(*bytes.Buffer)
	buf.Reset()
	defer messages.Put(buf) // want `messages.Put of buf races with the goroutine started on line 38`
	encode(buf)
	for _, w := range ws {
		go w.Write(buf.Bytes())
	}
}
