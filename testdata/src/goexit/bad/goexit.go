// Package bad starts goroutines that nobody has in hand.
package bad

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

// Nothing ends the loop, so the goroutine stays for ever.
func startExpiry() {
	go func() { // want `the goroutine never returns: nothing leaves its loop, and nobody can stop it`
		for {
			work()
			time.Sleep(time.Minute)
		}
	}()
}

type poller struct{ url string }

func (p *poller) loop() {
	for {
		p.poll()
	}
}

func (p *poller) poll() { println(p.url) }

// The loop is in a method.
func (p *poller) start() {
	go p.loop() // want `the goroutine never returns`
}

// Whoever calls save cannot know when it has been done.
func save(item string) {
	go handle(item) // want `nobody can wait for this goroutine, since it signals nothing when it ends`
}

// All programs that import the package have this goroutine.
func init() {
	go work() // want `this goroutine runs in every program that imports the package`
}

// A million items make a million goroutines.
func handleAll(items []string) {
	for _, item := range items {
		go handle(item) // want `each turn of this loop starts a goroutine, as many as there is input`
	}
}

// So do a million connections.
func serve(l net.Listener, f func(net.Conn)) error {
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		go f(conn) // want `each turn of this loop starts a goroutine`
	}
}

// A panic in notify ends the server.
func order(w http.ResponseWriter, r *http.Request) {
	done := make(chan bool, 1)
	go func() { // want `a panic in this goroutine ends the whole server: net/http recovers in the handler's own goroutine only; defer a recover`
		notify(r.URL.Path)
		done <- true
	}()
	<-done
}

func notify(path string) { println(path) }

// A panic in deliver ends the server; that the context is cancelled does not help.
func hook(w http.ResponseWriter, r *http.Request) {
	go process(context.WithoutCancel(r.Context()), r.URL.Path, notify) // want `a panic in this goroutine ends the whole server`
	w.WriteHeader(http.StatusAccepted)
}

func process(ctx context.Context, path string, deliver func(string)) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if ctx.Err() == nil {
		deliver(path)
	}
}

// The input has as many lines as it likes.
func handleLines(s *bufio.Scanner) {
	var wg sync.WaitGroup
	for s.Scan() {
		line := s.Text()
		wg.Add(1)
		go func() { // want `each turn of this loop starts a goroutine`
			defer wg.Done()
			handle(line)
		}()
	}
	wg.Wait()
}
