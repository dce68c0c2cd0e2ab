package bad

import "iter"

// ahead computes the values of seq in a goroutine.
func ahead[V any](seq iter.Seq[V], room int) iter.Seq[V] {
	return func(yield func(V) bool) {
		out := make(chan V, room)
		go func() {
			defer close(out)
			for v := range seq {
				out <- v // want `send on out blocks forever if the function literal returns on line 17`
			}
		}()
		for v := range out {
			if !yield(v) {
				return
			}
		}
	}
}
