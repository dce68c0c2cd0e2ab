package good

import "sync"

// There are as many references as names, or less, which the text does not show.
func pullAll(names []string, resolve func([]string) (map[string]string, error), pull func(string) error) error {
	refs, err := resolve(names)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	failed := make(chan error, len(names))
	for _, ref := range refs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := pull(ref); err != nil {
				failed <- err
			}
		}()
	}
	wg.Wait()
	close(failed)
	return <-failed
}

type coder struct {
	readers []func() error
	needed  int // not more than there are readers
}

// The fields of one object go together.
func (c *coder) read() error {
	next := make(chan bool, len(c.readers))
	for i := 0; i < c.needed; i++ {
		next <- true
	}
	close(next)
	i := 0
	for range next {
		if err := c.readers[i](); err != nil {
			return err
		}
		i++
	}
	return nil
}

// This is what to write when nothing is to happen any more.
func freeze() {
	<-make(chan struct{})
}
