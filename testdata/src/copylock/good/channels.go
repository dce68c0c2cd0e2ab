package good

import "sync"

type job struct {
	done sync.WaitGroup
	name string
}

func submit(jobs chan<- *job, j *job) {
	j.done.Add(1)
	jobs <- j
	j.done.Wait()
}

func worker(jobs <-chan *job, quit <-chan bool) {
	for {
		select {
		case j, ok := <-jobs:
			if !ok {
				return
			}
			j.done.Done()
		case <-quit:
			return
		}
	}
}

// Nobody else has what is sent, and what is received is dropped.
func tick(jobs chan job) {
	jobs <- job{name: "tick"}
	<-jobs
	_, _ = <-jobs
	for range jobs {
	}
}

func drain(jobs <-chan *job) {
	for j := range jobs {
		j.done.Done()
	}
}
