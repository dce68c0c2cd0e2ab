package good

import "iter"

// ahead computes the values of seq in a goroutine.
func ahead[V any](seq iter.Seq[V], room int) iter.Seq[V] {
	return func(yield func(V) bool) {
		out, done := make(chan V, room), make(chan struct{})
		defer close(done)
		go func() {
			defer close(out)
			for v := range seq {
				select {
				case out <- v:
				case <-done:
					return
				}
			}
		}()
		for v := range out {
			if !yield(v) {
				return
			}
		}
	}
}

// collected takes all that there is.
func collected[V any](seq iter.Seq[V]) (all []V) {
	out := make(chan V)
	go func() {
		defer close(out)
		seq(func(v V) bool {
			out <- v
			return true
		})
	}()
	for v := range out {
		all = append(all, v)
	}
	return all
}

// each of a sequence that is known, and as many as are sent.
func eachOnce(seq iter.Seq2[int, string]) int {
	out := make(chan string)
	n := 0
	for _, s := range seq {
		n++
		go func() { out <- s }()
	}
	for range n {
		<-out
	}
	return n
}
