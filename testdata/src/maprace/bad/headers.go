package bad

import (
	"encoding/json"
	"maps"
	"net/http"
	"sync"
)

// The methods of a header write to its map.
func askAll(urls []string, h http.Header) {
	var wg sync.WaitGroup
	for _, url := range urls {
		wg.Go(func() {
			h.Set("Referer", url) // want `write to h races with itself: line 14 starts a goroutine in each turn of the loop, and no map is safe for that; guard h by a mutex`
		})
	}
	wg.Wait()
}

// So does maps.Copy.
func mergeAll(all []map[string]int) map[string]int {
	sum := make(map[string]int)
	var wg sync.WaitGroup
	for _, m := range all {
		wg.Go(func() {
			maps.Copy(sum, m) // want `write to sum races with itself: line 26 starts a goroutine in each turn of the loop, and no map is safe for that; guard sum by a mutex`
		})
	}
	wg.Wait()
	return sum
}

// What is made of it reads all of it.
func printWhileFilled(keys []string) ([]byte, error) {
	m := make(map[string]int)
	go func() {
		for i, k := range keys {
			m[k] = i // want `write to m races with the read on line 42: nothing on the way there waits for the goroutine of line 37, and no map is safe for that; guard m by a mutex`
		}
	}()
	return json.Marshal(m)
}
