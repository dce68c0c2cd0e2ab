package bad

import "context"

type job struct{ id int }

// worker could close jobs under the feet of the other workers, or put a job
// back that it has taken; nothing but its author's care keeps it from that.
func worker(ctx context.Context, jobs chan job, results chan int) { /* want `jobs is only received from, but the type lets worker send on and close it; declare <-chan job` `results is only sent to, but the type lets worker receive from it; declare chan<- int` */
	for {
		select {
		case j, ok := <-jobs:
			if !ok {
				return
			}
			results <- j.id
		case <-ctx.Done():
			return
		}
	}
}

// produce passes its channel on: both functions can be narrowed, and the fix
// of produce takes put along.
func produce(out chan int) { // want `out is only sent to, but the type lets produce receive from it; declare chan<- int`
	put(out, 1)
	close(out)
}

func put(out chan int, v int) { // want `out is only sent to, but the type lets put receive from it`
	out <- v
}

// Drain is exported, but callers pass a chan int to a <-chan int as well.
func Drain(in chan int) { // want `in is only received from, but the type lets Drain send on and close it`
	for range in {
	}
}

// recurse passes the channel to itself.
func recurse(in chan int, depth int) int { // want `in is only received from`
	if depth == 0 {
		return <-in
	}
	return recurse(in, depth-1)
}

// finish closes and does nothing else.
func finish(done chan struct{}) { // want `done is only closed, but the type lets finish receive from it`
	defer close(done)
}

// copyOf gives the channel a second name, whose type follows.
func copyOf(in chan int) int { // want `in is only received from`
	c := in
	return <-c
}

// captured uses the channel in a goroutine.
func captured(out chan<- int, in chan int) { // want `in is only received from`
	go func() {
		for v := range in {
			out <- v
		}
	}()
}

// turnOff sets the channel to nil, which takes its case out of the select.
func turnOff(a, b chan int) (sum int) { // want `a and b are only received from, but the type lets turnOff send on and close them`
	for a != nil || b != nil {
		select {
		case v, ok := <-a:
			if !ok {
				a = nil
			}
			sum += v
		case v, ok := <-b:
			if !ok {
				b = nil
			}
			sum += v
		}
	}
	return sum
}

// first works for any element type.
func first[T any](in chan T) T { // want `in is only received from, but the type lets first send on and close it; declare <-chan T`
	return <-in
}

// forwardReplies sends channels; only the outer one is narrowed.
func forwardReplies(requests chan chan int) { // want `requests is only sent to, .*; declare chan<- chan int`
	requests <- make(chan int)
}

func useParameters() {
	jobs, results := make(chan job), make(chan int)
	go worker(context.Background(), jobs, results)
	go produce(results)
	Drain(results)
	recurse(results, 2)
	finish(make(chan struct{}))
	copyOf(results)
	captured(results, results)
	turnOff(results, results)
	_ = first(results) + first[int](results)
	forwardReplies(make(chan chan int))
}
