package patterns

import "sync"

// Crawl visits everything that is reached from root, at most limit at a time. A
// slot is taken for the fetch alone: whoever held it while waiting for another one
// could wait for ever.
func Crawl(root string, limit int, fetch func(string) []string) []string {
	var (
		mu    sync.Mutex
		seen  = map[string]bool{root: true}
		order []string
		wg    sync.WaitGroup
		slots = make(chan struct{}, limit)
	)
	var visit func(page string)
	visit = func(page string) {
		defer wg.Done()
		slots <- struct{}{}
		links := fetch(page)
		<-slots

		mu.Lock()
		defer mu.Unlock()
		order = append(order, page)
		for _, link := range links {
			if !seen[link] {
				seen[link] = true
				wg.Add(1) // before the goroutine that it counts
				go visit(link)
			}
		}
	}
	wg.Add(1)
	go visit(root)
	wg.Wait()
	return order
}
