//go:build go1.22

package good

import "sync"

func appendAll(names []string) (list []string) {
	mu := sync.Mutex{}
	for i := 0; i < len(names); i++ {
		go func() {
			mu.Lock()
			defer mu.Unlock()
			list = append(list, names[i])
		}()
	}
	return list
}
