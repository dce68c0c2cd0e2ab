package good

import "sync"

// When all slots have been taken, nobody works any more.
func uploadAll(files []string, upload func(string) error, n int, dry bool) error {
	var mu sync.Mutex
	var errs []error
	slots := make(chan struct{}, n)
	for _, f := range files {
		if dry {
			continue
		}
		slots <- struct{}{}
		go func() {
			if err := upload(f); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
			}
			<-slots
		}()
	}
	for i := n; i > 0; i-- {
		slots <- struct{}{}
	}
	if len(errs) > 0 {
		return errs[0]
	}
	return nil
}
