// Package good is the repaired twin of bad.
package good

import (
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
