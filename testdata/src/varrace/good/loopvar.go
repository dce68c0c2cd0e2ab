//go:build go1.21

package good

import "sync"

// The goroutine is given the value of its turn.
func loopVariable(urls []int) {
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Add(1)
		go func(u int) {
			defer wg.Done()
			fetch(u)
		}(u)
		println("started")
	}
	wg.Wait()
}

type item struct{ n int }

func (it *item) show(wg *sync.WaitGroup) {
	defer wg.Done()
	println(it.n)
}

// Each goroutine is given the address of an element.
func loopVariableAddress(items []item) {
	var wg sync.WaitGroup
	for i := range items {
		wg.Add(1)
		go items[i].show(&wg)
	}
	wg.Wait()
}
