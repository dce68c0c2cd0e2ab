package good

import (
	"context"
	"crypto/rand"
	"io"
	"log"
	"sync"
)

// A backlog gives out what it has in turn, and waits when that is nothing.
type backlog struct {
	mu   sync.Mutex
	cond *sync.Cond
	list []string
}

func newBacklog() *backlog {
	b := new(backlog)
	b.cond = sync.NewCond(&b.mu)
	return b
}

func (b *backlog) pop() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.list) == 0 {
		b.cond.Wait()
	}
	first := b.list[0]
	b.list = b.list[1:]
	return first
}

// drainBacklog fails at once for each line when ctx is done, and then waits for more of them.
func drainBacklog(ctx context.Context, b *backlog, send func(context.Context, string) error) {
	for {
		line := b.pop()
		if err := send(ctx, line); err != nil {
			log.Print(err)
			continue
		}
	}
}

type popper interface{ Pop() string }

func drainPopper(ctx context.Context, p popper, send func(context.Context, string) error) {
	for {
		line := p.Pop()
		if err := send(ctx, line); err != nil {
			log.Print(err)
			continue
		}
	}
}

func readFor(b *backlog, r io.Reader, reply func([]byte)) {
	for {
		buf := make([]byte, len(b.pop()))
		if _, err := io.ReadFull(r, buf); err != nil {
			log.Print(err)
			continue
		}
		reply(buf)
	}
}

// freshKey reads from what has no end.
func freshKey(taken func([8]byte) bool) (key [8]byte) {
	for {
		if _, err := io.ReadFull(rand.Reader, key[:]); err != nil {
			continue
		}
		if !taken(key) {
			return key
		}
	}
}
