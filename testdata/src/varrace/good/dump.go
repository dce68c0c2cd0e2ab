package good

import "sync"

type dumper interface {
	Name() string
	Dump() ([]byte, error)
}

// collect keeps one of the errors, under the lock.
func collect(list []dumper, put func(string, []byte)) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var err error
	for _, d := range list {
		wg.Add(1)
		go func() {
			defer wg.Done()
			data, e := d.Dump()
			if e != nil {
				mu.Lock()
				err = e
				mu.Unlock()
				return
			}
			mu.Lock()
			put(d.Name(), data)
			mu.Unlock()
		}()
	}
	wg.Wait()
	return err
}
