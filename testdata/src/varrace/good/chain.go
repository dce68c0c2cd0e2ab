package good

// chain starts one goroutine after the other, each of which waits for the one before.
func chain(list []func() error) error {
	var err error
	prev := make(chan struct{})
	close(prev)
	for _, f := range list {
		next := make(chan struct{})
		go func(prev <-chan struct{}) {
			defer close(next)
			<-prev
			if err == nil {
				err = f()
			}
		}(prev)
		prev = next
	}
	<-prev
	return err
}
