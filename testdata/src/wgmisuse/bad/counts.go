package bad

import "sync"

func threeOfFour(run func(int)) {
	var jobs sync.WaitGroup
	jobs.Add(4)
	for i := range 3 {
		go func() {
			defer jobs.Done()
			run(i)
		}()
	}
	jobs.Wait() // want `jobs\.Wait blocks forever`
}
