package bad

import (
	"io"
	"sync"
)

// A relays value copies for its connections until they are closed.
type relays struct {
	mu    sync.Mutex
	stall chan struct{}
	conns map[*relayed]struct{}
}

type relayed struct {
	in, out io.ReadWriteCloser
	done    chan struct{}
}

func (c *relayed) Close() {
	c.in.Close()
	c.out.Close()

}

func (r *relays) add(in, out io.ReadWriteCloser) {
	c := &relayed{in, out, make(chan struct{})}
	r.mu.Lock()
	r.conns[c] = struct{}{}
	go r.serve(c)
	r.mu.Unlock()
}

func (r *relays) serve(c *relayed) {
	defer close(c.done)
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		r.copy(c.out, c.in)
	}()
	go func() {
		defer wg.Done()
		r.copy(c.in, c.out)
	}()
	wg.Wait()
}

func (r *relays) copy(dst io.Writer, src io.Reader) {
	buf := make([]byte, 1024)
	for {
		select {
		case <-r.stall: // want `read of r.stall without r.mu races with the write on line .*`
			return
		default:
		}
		n, err := src.Read(buf)
		if err != nil {
			return
		}
		_, _ = dst.Write(buf[:n])
	}
}

func (r *relays) Stall() {
	r.mu.Lock()
	close(r.stall)
	r.mu.Unlock()
}

// Those that copied are told to end, and not waited for.
func (r *relays) Resume() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.conns {
		c.Close()
	}
	clear(r.conns)
	r.stall = make(chan struct{})
}
