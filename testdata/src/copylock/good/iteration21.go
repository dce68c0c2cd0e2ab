//go:build go1.21

package good

import "sync"

// Before Go 1.22 a loop has one variable for all turns.
func appendAllBefore(names []string) (list []string) {
	for i, mu := 0, (sync.Mutex{}); i < len(names); i++ {
		name := names[i]
		go func() {
			mu.Lock()
			defer mu.Unlock()
			list = append(list, name)
		}()
	}
	return list
}
