package good

import "time"

// statistics are made one at a time: the timer is set again when they are done.
func statistics(stop <-chan struct{}, inbox <-chan func()) {
	trigger, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for range trigger {
			done <- struct{}{}
		}
	}()
	t := time.NewTimer(0)
	defer t.Stop()
loop:
	for {
		select {
		case fn := <-inbox:
			fn()
		case <-t.C:
			trigger <- struct{}{}
		case <-done:
			t.Reset(time.Minute)
		case <-stop:
			close(trigger)
			break loop
		}
	}
	<-done
}
