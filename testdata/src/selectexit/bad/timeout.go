package bad

import "time"

// Each turn asks for five new seconds and gets a tick after one.
func timeoutBesideTicker(ready func() bool) bool {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if ready() {
				return true
			}
		case <-time.After(5 * time.Second): // want `time.After\(5 \* time.Second\) is made anew each time and never fires: ticker.C is ready every 1s`
			return false
		}
	}
}

func timeoutBesidePoll(ready func() bool) bool {
	const poll = 100 * time.Millisecond
	timeout := 10 * time.Second
	for {
		select {
		case <-time.After(poll):
			if ready() {
				return true
			}
		case <-time.After(timeout): // want `time.After\(timeout\) is made anew each time and never fires: time.After\(poll\) is ready every 100ms`
			return false
		}
	}
}

// The default is taken before the second is over, each time.
func timeoutBesideDefault(jobs <-chan item, poll func()) bool {
	for {
		select {
		case it := <-jobs:
			it.work()
		case <-time.After(time.Second): // want `time.After\(time.Second\) never fires: its channel is new each time and the default is taken at once`
			return false
		default:
			poll()
		}
	}
}
