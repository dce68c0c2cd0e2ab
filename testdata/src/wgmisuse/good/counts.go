package good

import "sync"

func threeOfFour(run func(int)) {
	var jobs sync.WaitGroup
	jobs.Add(4)
	for i := range 4 {
		go func() {
			defer jobs.Done()
			run(i)
		}()
	}
	jobs.Wait()
}

// Of larger numbers only the order is known.
func eightDone(run func()) {
	var jobs sync.WaitGroup
	jobs.Add(8)
	start := func() {
		go func() {
			defer jobs.Done()
			run()
		}()
	}
	start()
	start()
	start()
	start()
	start()
	start()
	start()
	start()
	jobs.Wait()
}
