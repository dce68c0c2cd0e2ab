package good

// Numbers closes its channel when it has sent all: a caller who sends on it,
// or closes it too, panics.
func Numbers(n int) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := range n {
			c <- i
		}
	}()
	return c
}

// Wait returns a channel that is closed in the end, or an error.
func Wait(n int) (<-chan struct{}, error) {
	if n < 0 {
		return nil, errNegative
	}
	done := make(chan struct{})
	go func() {
		for range Numbers(n) {
		}
		close(done)
	}()
	return done, nil
}

type negative struct{}

func (negative) Error() string { return "negative" }

var errNegative error = negative{}
