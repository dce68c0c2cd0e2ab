package bad

import (
	"context"
	"log"
	"time"
)

// A dependency says when it is up.
type dependency struct {
	name string
	up   chan struct{}
	down chan struct{}
}

func (d *dependency) kill() { close(d.down) }

// waitForEach lets one dependency use up the time: the next is waited for without end.
func waitForEach(deps []*dependency, start func()) {
	timeout := time.NewTimer(5 * time.Second)
	defer timeout.Stop()
	for _, d := range deps {
		select {
		case <-d.up:
		case <-timeout.C: // want `<-timeout.C is ready once only: when it was in one turn of the loop, the next ones wait for d.up with no limit; leave the loop, or Reset the timer`
			log.Printf("%s is not up", d.name)
		}
	}
	start()
}

// stopAll kills the first that does not stop by itself.
func stopAll(deps map[string]*dependency) {
	grace := time.After(10 * time.Second)
	for _, d := range deps {
		select {
		case <-d.down:
		case <-grace: // want `<-grace is ready once only: when it was in one turn of the loop, the next ones wait for d.down with no limit; leave the loop, or Reset the timer`
			d.kill()
		}
	}
}

// attempt has one time for three attempts.
func attempt(ctx context.Context, ask func() <-chan string) string {
	timer := time.NewTimer(time.Second)
	defer timer.Stop()
	for i := 0; i < 3; i++ {
		answer := ask()
		select {
		case <-ctx.Done():
			return ""
		case s := <-answer:
			return s
		case <-timer.C: // want `<-timer.C is ready once only: when it was in one turn of the loop, the next ones wait for answer with no limit`
			log.Print("no answer, trying again")
		}
	}
	return ""
}

// gather counts the answers that are late.
func gather(replicas []string, answers <-chan string) (got []string, late int) {
	timeout := time.After(time.Second)
	for range replicas {
		select {
		case a := <-answers:
			got = append(got, a)
		case <-timeout: // want `<-timeout is ready once only: when it was in one turn of the loop, the next ones wait for answers with no limit`
			late++
		}
	}
	return got, late
}
