package bad

import "sync"

type job struct {
	done sync.WaitGroup
	name string
}

// The worker marks its own copy as done, and submit waits for ever.
func submit(jobs chan<- job, j *job) {
	j.done.Add(1)
	jobs <- *j // want `send copies j.done \(sync.WaitGroup\): Wait on one misses Done on the other; send pointers`
	j.done.Wait()
}

func worker(jobs <-chan job, quit <-chan bool) {
	for {
		select {
		case j, ok := <-jobs: // want `receive copies \(<-jobs\).done \(sync.WaitGroup\) into j: .*; send pointers`
			if !ok {
				return
			}
			j.done.Done()
		case <-quit:
			return
		}
	}
}

func drain(jobs <-chan job) {
	for j := range jobs { // want `range copies \(<-jobs\).done \(sync.WaitGroup\) into j: .*; send pointers`
		j.done.Done()
	}
}
