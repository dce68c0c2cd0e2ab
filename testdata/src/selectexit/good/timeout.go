package good

import "time"

func timeoutBesideTicker(ready func() bool) bool {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	timeout := time.After(5 * time.Second)
	for {
		select {
		case <-ticker.C:
			if ready() {
				return true
			}
		case <-timeout:
			return false
		}
	}
}

func timeoutBesidePoll(ready func() bool) bool {
	const poll = 100 * time.Millisecond
	timeout := 10 * time.Second
	end := time.After(timeout)
	for {
		select {
		case <-time.After(poll):
			if ready() {
				return true
			}
		case <-end:
			return false
		}
	}
}

func timeoutBesideDefault(jobs <-chan item, poll func()) bool {
	end := time.After(time.Second)
	for {
		select {
		case it := <-jobs:
			it.work()
		case <-end:
			return false
		default:
			poll()
		}
	}
}

// The time since the last job, which may be long.
func idleTimeout(jobs <-chan item) {
	for {
		select {
		case it := <-jobs:
			it.work()
		case <-time.After(time.Minute):
			return
		}
	}
}

// The ticker is the slower one.
func fastPoll(work func()) {
	ticker := time.NewTicker(time.Minute)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			return
		case <-time.After(time.Second):
			work()
		}
	}
}

// The ticker stops after a while.
func stopsTicker(work func() bool) {
	ticker := time.NewTicker(time.Second)
	for {
		select {
		case <-ticker.C:
			if work() {
				ticker.Stop()
			}
		case <-time.After(time.Minute):
			return
		}
	}
}

// A test of timers: the longer one is there to see that the shorter one fires.
func shorterFirst() bool {
	select {
	case <-time.After(time.Millisecond):
		return true
	case <-time.After(time.Second):
		return false
	}
}
