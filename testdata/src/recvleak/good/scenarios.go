package good

import "errors"

var errNone = errors.New("none")

func closedOnHappyPath(list []int, check func(int) error) error {
	jobs := make(chan int)
	defer close(jobs)
	go func() {
		for j := range jobs {
			do(j)
		}
	}()
	for _, j := range list {
		if err := check(j); err != nil {
			return err
		}
		jobs <- j
	}
	return nil
}

func startNeverGiven(ok bool) error {
	start := make(chan struct{})
	defer close(start)
	go func() {
		<-start
		do(1)
	}()
	if !ok {
		return errNone
	}
	return nil
}
