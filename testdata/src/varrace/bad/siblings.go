package bad

import "sync"

// Two goroutines, one variable.
func twoWriters(n int) error {
	var err error
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		_, err = fetch(n) // want `write of err races with the write on line 16: the goroutines of line 10 and line 14 run at the same time; declare the error in the goroutine`
	}()
	go func() {
		defer wg.Done()
		_, err = fetch(-n)
	}()
	wg.Wait()
	return err
}

// The reader does not wait for the writer.
func writerAndReader(n int) {
	value := 0
	var wg sync.WaitGroup
	wg.Go(func() {
		value = n // want `write of value races with the read on line 30`
	})
	wg.Go(func() {
		println(value)
	})
	wg.Wait()
}

// One of the two does not lock.
func oneLocks(n int) {
	value := 0
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() {
		mu.Lock()
		value = n // want `write of value races with the read on line 46`
		mu.Unlock()
	})
	wg.Go(func() {
		println(value)
	})
	wg.Wait()
}

type group struct{ wg sync.WaitGroup }

func (g *group) start(f func()) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		f()
	}()
}

// The method starts what it is given.
func startedByMethod(urls []int) int {
	total := 0
	var g group
	for range urls {
		g.start(func() {
			total++ // want `write of total races with itself: line 66 starts a goroutine in each turn of the loop`
		})
	}
	g.wg.Wait()
	return total
}
