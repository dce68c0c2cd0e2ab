// Package good is the repaired twin of bad.
package good

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

func work() { time.Sleep(time.Millisecond) }

func handle(item string) { println(item) }

func startExpiry(ctx context.Context) {
	go func() {
		for {
			work()
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Minute):
			}
		}
	}()
}

type poller struct {
	url  string
	quit chan struct{}
}

func (p *poller) loop() {
	for {
		select {
		case <-p.quit:
			return
		default:
		}
		p.poll()
	}
}

func (p *poller) poll() { println(p.url) }

func (p *poller) start() {
	go p.loop()
}

func save(item string) (done chan struct{}) {
	done = make(chan struct{})
	go func() {
		defer close(done)
		handle(item)
	}()
	return done
}

// Start is for those who want it.
func Start(wg *sync.WaitGroup) {
	wg.Go(work)
}

func handleAll(items []string) {
	slots := make(chan struct{}, 8)
	for _, item := range items {
		slots <- struct{}{}
		go func() {
			defer func() { <-slots }()
			handle(item)
		}()
	}
}

func serve(l net.Listener, f func(net.Conn), slots chan struct{}) error {
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		slots <- struct{}{}
		go f(conn)
	}
}

func order(w http.ResponseWriter, r *http.Request) {
	done := make(chan bool, 1)
	go func() {
		defer func() {
			done <- recover() == nil
		}()
		notify(r.URL.Path)
	}()
	<-done
}

func notify(path string) { println(path) }

// As many workers as are asked for.
func workers(n int, jobs <-chan string) {
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for job := range jobs {
				handle(job)
			}
		}()
	}
	wg.Wait()
}

// One for each of the channels that are merged.
func merge(inputs ...<-chan string) <-chan string {
	out := make(chan string)
	for _, in := range inputs {
		go func() {
			for s := range in {
				out <- s
			}
		}()
	}
	return out
}

func hook(w http.ResponseWriter, r *http.Request) {
	go guarded(func() { process(context.WithoutCancel(r.Context()), r.URL.Path, notify) })
	w.WriteHeader(http.StatusAccepted)
}

func process(ctx context.Context, path string, deliver func(string)) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if ctx.Err() == nil {
		deliver(path)
	}
}

func handleLines(s *bufio.Scanner, slots chan struct{}) {
	var wg sync.WaitGroup
	for s.Scan() {
		line := s.Text()
		slots <- struct{}{}
		wg.Add(1)
		go func() {
			defer wg.Done()
			handle(line)
			<-slots
		}()
	}
	wg.Wait()
}

func guarded(f func()) {
	defer logPanic()
	f()
}

func logPanic() {
	if p := recover(); p != nil {
		println("panic")
	}
}

// Close ends the goroutine.
type sweeper struct {
	mu     sync.Mutex
	closed bool
}

func newSweeper() *sweeper {
	s := new(sweeper)
	go s.run()
	return s
}

func (s *sweeper) run() {
	for {
		time.Sleep(time.Minute)
		if s.isClosed() {
			return
		}
		work()
	}
}

func (s *sweeper) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// Close lets it end.
func (s *sweeper) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
}

// The workers are counted by what the loop asks.
func startWorkers(more func() bool, jobs <-chan string, out chan<- string) {
	for more() {
		go func() {
			for job := range jobs {
				out <- job
			}
		}()
	}
}
