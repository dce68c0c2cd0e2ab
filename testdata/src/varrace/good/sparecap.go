package good

import (
	"slices"
	"strings"
	"sync"
)

// What each goroutine appends to has no room.
func sharedBase(names []string, use func(string)) {
	var base []string
	for _, n := range names {
		if strings.HasPrefix(n, "-") {
			base = append(base, n)
		}
	}
	base = slices.Clip(base)
	var wg sync.WaitGroup
	for _, n := range names {
		wg.Go(func() {
			args := append(base, n)
			use(strings.Join(args, " "))
		})
	}
	wg.Wait()
}

// Each goroutine has its own.
func ownBase(names []string, use func(string)) {
	var wg sync.WaitGroup
	for _, n := range names {
		wg.Go(func() {
			var base []string
			base = append(base, "-v")
			args := append(base, n)
			use(strings.Join(args, " "))
		})
	}
	wg.Wait()
}
