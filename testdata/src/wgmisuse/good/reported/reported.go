// Package reported has received what the goroutines report by a method.
package reported

import "sync"

type run struct{ results chan error }

func (r *run) settle(n int) (err error) {
	for range n {
		if e := <-r.results; e != nil {
			err = e
		}
	}
	return err
}

func (r *run) report(err error) { r.results <- err }

func Batch(ids []int, put func(int) error, flush func() error) error {
	r := &run{results: make(chan error)}
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r.report(put(id))
		}()
	}
	first := r.settle(len(ids))
	if first != nil {
		return first // all have given their result
	}
	err := flush()
	if err != nil {
		wg.Wait()
		return err
	}
	wg.Wait()
	return nil
}
