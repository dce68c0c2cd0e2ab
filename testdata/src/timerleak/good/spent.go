package good

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

// waitForEach has a time for each dependency.
func waitForEach(deps []*dependency, start func()) {
	for _, d := range deps {
		timeout := time.NewTimer(5 * time.Second)
		select {
		case <-d.up:
		case <-timeout.C:
			log.Printf("%s is not up", d.name)
		}
		timeout.Stop()
	}
	start()
}

// waitForSome goes on when the time is over.
func waitForSome(deps []*dependency, start func()) {
	timeout := time.NewTimer(5 * time.Second)
	defer timeout.Stop()
wait:
	for _, d := range deps {
		select {
		case <-d.up:
		case <-timeout.C:
			log.Printf("%s is not up", d.name)
			break wait
		}
	}
	start()
}

// waitUnlessLate waits for none once one was late.
func waitUnlessLate(deps []*dependency) {
	timeout := time.NewTimer(5 * time.Second)
	defer timeout.Stop()
	late := false
	for _, d := range deps {
		if late {
			log.Printf("%s is not waited for", d.name)
			continue
		}
		select {
		case <-d.up:
		case <-timeout.C:
			late = true
		}
	}
}

// lateAll leaves the loop behind the select.
func lateAll(deps []*dependency) {
	timeout := time.After(5 * time.Second)
	for _, d := range deps {
		var late bool
		select {
		case <-d.up:
		case <-timeout:
			late = true
		}
		if late {
			break
		}
	}
}

// waitOrPoll never waits for anything but the first.
func waitOrPoll(deps []*dependency) (up int) {
	timeout := time.After(5 * time.Second)
	for _, d := range deps {
		select {
		case <-d.up:
			up++
		case <-timeout:
		default:
		}
	}
	return up
}

// stopAll gives each the whole time.
func stopAll(deps map[string]*dependency) {
	grace := time.NewTimer(10 * time.Second)
	for _, d := range deps {
		grace.Reset(10 * time.Second)
		select {
		case <-d.down:
		case <-grace.C:
			d.kill()
		}
	}
}

// cancelAll makes all of them stop when the time is over.
func cancelAll(deps []*dependency, cancel func()) {
	grace := time.After(10 * time.Second)
	for _, d := range deps {
		select {
		case <-d.down:
		case <-grace:
			cancel()
		}
	}
}

// warnOnce goes on waiting for the same, and says once that it takes long.
func warnOnce(d *dependency) {
	warn := time.After(time.Minute)
	for {
		select {
		case <-d.up:
			return
		case <-warn:
			log.Printf("%s takes long", d.name)
		}
	}
}

// attempt has a time for each attempt.
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
		case <-timer.C:
			log.Print("no answer, trying again")
			timer.Reset(time.Second)
		}
	}
	return ""
}

// limited has another limit for each attempt.
func limited(ctx context.Context, ask func(context.Context) <-chan string) string {
	warn := time.After(time.Second)
	for i := 0; i < 3; i++ {
		each, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		answer := ask(each)
		select {
		case <-each.Done():
		case s := <-answer:
			return s
		case <-warn:
			log.Print("no answer, trying again")
		}
	}
	return ""
}

// gather ends with the time.
func gather(replicas []string, answers <-chan string) (got []string, late int) {
	timeout := time.After(time.Second)
	for i := range replicas {
		select {
		case a := <-answers:
			got = append(got, a)
		case <-timeout:
			return got, len(replicas) - i
		}
	}
	return got, 0
}

// both waits for one and the other, in any order.
func both(d *dependency) (up, minute bool) {
	timer := time.After(time.Minute)
	for range 2 {
		select {
		case <-d.up:
			up = true
		case <-timer:
			minute = true
		}
	}
	return up, minute
}

// again is started by others.
func again(deps []*dependency, touch func(*time.Timer)) {
	timeout := time.NewTimer(5 * time.Second)
	for _, d := range deps {
		touch(timeout)
		select {
		case <-d.up:
		case <-timeout.C:
		}
	}
}

// countLate waits for none once one was late, by their number.
func countLate(deps []*dependency) (late int) {
	timeout := time.NewTimer(5 * time.Second)
	defer timeout.Stop()
	for _, d := range deps {
		if late > 0 {
			continue
		}
		select {
		case <-d.up:
		case <-timeout.C:
			late++
		}
	}
	return late
}

// collectReplies has a limit for all turns, beside the one that is ready once.
func collectReplies(ctx context.Context, replies []chan string, limit time.Duration) (got []string) {
	ctx, cancel := context.WithTimeout(ctx, limit+time.Second)
	defer cancel()
	soft := time.NewTimer(limit)
	defer soft.Stop()
	for range replies {
		r := replies[len(got)]
		select {
		case v := <-r:
			got = append(got, v)
		case <-soft.C:
			println("late")
		case <-ctx.Done():
			return got
		}
	}
	return got
}
