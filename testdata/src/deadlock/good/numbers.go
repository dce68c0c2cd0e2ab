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
