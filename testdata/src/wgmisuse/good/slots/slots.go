// Package slots has taken all slots, which the goroutines give back last.
package slots

import "sync"

func Slots(ids []int, n int, put func(int), check, flush func() error) error {
	var wg sync.WaitGroup
	slots := make(chan struct{}, n)
	for _, id := range ids {
		slots <- struct{}{}
		wg.Add(1)
		go func() {
			defer wg.Done()
			put(id)
			<-slots
		}()
	}
	for range n {
		slots <- struct{}{} // all are done
	}
	err := check()
	if err != nil {
		return err
	}
	err = flush()
	if err != nil {
		wg.Wait()
		return err
	}
	wg.Wait()
	return nil
}
