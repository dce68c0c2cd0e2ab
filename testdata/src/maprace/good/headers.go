package good

import (
	"encoding/json"
	"maps"
	"net/http"
	"sync"
)

func askAll(urls []string, h http.Header) {
	var wg sync.WaitGroup
	for _, url := range urls {
		wg.Go(func() {
			own := h.Clone()
			own.Set("Referer", url)
		})
	}
	wg.Wait()
}

func mergeAll(all []map[string]int) map[string]int {
	sum := make(map[string]int)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, m := range all {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			maps.Copy(sum, m)
		})
	}
	wg.Wait()
	return sum
}

func printWhileFilled(keys []string) ([]byte, error) {
	m := make(map[string]int)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i, k := range keys {
			m[k] = i
		}
	}()
	<-done
	return json.Marshal(m)
}
