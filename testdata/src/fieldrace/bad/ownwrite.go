package bad

import (
	"strings"
	"sync"
	"time"
)

// Several goroutines take jobs, and what one keeps past the unlock another one changes.
var (
	knownMu sync.Mutex
	known   []string
	expiry  = make(map[string]*time.Timer)
)

func processNotes(jobs <-chan string, workers int, save func(string)) {
	for range workers {
		go func() {
			for job := range jobs {
				note(job, save)
			}
		}()
	}
}

func note(job string, save func(string)) {
	knownMu.Lock()
	if t := expiry[job]; t != nil {
		t.Stop()
	}
	known = append(known, job)
	expiry[job] = time.AfterFunc(time.Hour, func() { forget(job) })
	knownMu.Unlock()
	save(strings.Join(known, " ")) // want `read of known without knownMu races with the write on line 31: 3 of 4 accesses hold knownMu; lock it here too`
}

func forget(job string) {
	knownMu.Lock()
	defer knownMu.Unlock()
	for i, k := range known {
		if k == job {
			known = append(known[:i], known[i+1:]...)
			break
		}
	}
	delete(expiry, job)
}
