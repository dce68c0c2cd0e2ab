package bad

import "sync"

type dumper interface {
	Name() string
	Dump() ([]byte, error)
}

// collect asks each for its name when it has assigned the error.
func collect(list []dumper, put func(string, []byte)) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var err error
	for _, d := range list {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var data []byte
			data, err = d.Dump() // want `write of err races with itself: line 17 starts a goroutine in each turn of the loop; declare the error in the goroutine`
			if err != nil {
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
