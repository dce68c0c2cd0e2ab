package bad

import (
	"strings"
	"sync"
)

// base is grown, so it can have room for more, and each goroutine appends there.
func sharedBase(names []string, use func(string)) {
	var base []string
	for _, n := range names {
		if strings.HasPrefix(n, "-") {
			base = append(base, n)
		}
	}
	var wg sync.WaitGroup
	for _, n := range names {
		wg.Go(func() {
			args := append(base, n) // want `append into the room behind base races with itself: line 18 starts a goroutine in each turn of the loop; clip the slice first`
			use(strings.Join(args, " "))
		})
	}
	wg.Wait()
}
