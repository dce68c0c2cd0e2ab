package bad

import "errors"

var errNone = errors.New("none")

// The channel is closed on the happy path only.
func closedOnHappyPath(list []int, check func(int) error) error {
	jobs := make(chan int)
	go func() {
		for j := range jobs { // want `range over jobs never ends if closedOnHappyPath returns on line \d+; close jobs on every path`
			do(j)
		}
	}()
	for _, j := range list {
		if err := check(j); err != nil {
			return err
		}
		jobs <- j
	}
	close(jobs)
	return nil
}

// The one that should start the goroutine returns before.
func startNeverGiven(ok bool) error {
	start := make(chan struct{})
	go func() {
		<-start // want `receive from start blocks forever if startNeverGiven returns on line \d+`
		do(1)
	}()
	if !ok {
		return errNone
	}
	close(start)
	return nil
}
