package good

import "sync"

// A variable for each.
func twoWriters(n int) error {
	var err, err2 error
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		_, err = fetch(n)
	}()
	go func() {
		defer wg.Done()
		_, err2 = fetch(-n)
	}()
	wg.Wait()
	if err == nil {
		err = err2
	}
	return err
}

// The reader waits for the writer.
func writerAndReader(n int) {
	value := 0
	ready := make(chan bool)
	var wg sync.WaitGroup
	wg.Go(func() {
		value = n
		close(ready)
	})
	wg.Go(func() {
		<-ready
		println(value)
	})
	wg.Wait()
}

// Both lock.
func oneLocks(n int) {
	value := 0
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() {
		mu.Lock()
		value = n
		mu.Unlock()
	})
	wg.Go(func() {
		mu.Lock()
		defer mu.Unlock()
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

// The method starts what it is given; the last wait is over before the read.
func startedByMethod(urls []int) int {
	total := 0
	var g group
	for range urls {
		g.start(func() {
			total++
		})
		g.wg.Wait()
	}
	return total
}
