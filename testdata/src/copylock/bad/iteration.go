//go:build go1.22

package bad

import "sync"

// Since Go 1.22 each turn has a mutex of its own, which is a copy of that of
// the turn before: the goroutines do not exclude each other.
func appendAll(names []string) (list []string) {
	for i, mu := 0, (sync.Mutex{}); i < len(names); i++ { // want `each iteration copies mu \(sync.Mutex\): the two do not exclude each other; declare mu before the loop`
		go func() {
			mu.Lock()
			defer mu.Unlock()
			list = append(list, names[i])
		}()
	}
	return list
}
