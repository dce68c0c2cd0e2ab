package good

// A errand sets its error, and then closes the channel that it gives to who asks.
type errand struct {
	done chan struct{}
	err  error
}

func StartErrand(wait func() error) *errand {
	p := &errand{done: make(chan struct{})}
	go func() {
		defer close(p.done)
		p.err = wait()
	}()
	return p
}

// Done is closed when the errand has ended.
func (p *errand) Done() <-chan struct{} { return p.done }

// Err may be called once Done is closed.
func (p *errand) Err() error { return p.err }
