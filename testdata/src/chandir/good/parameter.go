package good

import "context"

type job struct{ id int }

// worker could close jobs under the feet of the other workers, or put a job
// back that it has taken; nothing but its author's care keeps it from that.
func worker(ctx context.Context, jobs <-chan job, results chan<- int) {
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
func produce(out chan<- int) {
	put(out, 1)
	close(out)
}

func put(out chan<- int, v int) {
	out <- v
}

// Drain is exported, but callers pass a chan int to a <-chan int as well.
func Drain(in <-chan int) {
	for range in {
	}
}

// recurse passes the channel to itself.
func recurse(in <-chan int, depth int) int {
	if depth == 0 {
		return <-in
	}
	return recurse(in, depth-1)
}

// finish closes and does nothing else.
func finish(done chan<- struct{}) {
	defer close(done)
}

// copyOf gives the channel a second name, whose type follows.
func copyOf(in <-chan int) int {
	c := in
	return <-c
}

// captured uses the channel in a goroutine.
func captured(out chan<- int, in <-chan int) {
	go func() {
		for v := range in {
			out <- v
		}
	}()
}

// turnOff sets the channel to nil, which takes its case out of the select.
func turnOff(a, b <-chan int) (sum int) {
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
func first[T any](in <-chan T) T {
	return <-in
}

// forwardReplies sends channels; only the outer one is narrowed.
func forwardReplies(requests chan<- chan int) {
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
