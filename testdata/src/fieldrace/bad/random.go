package bad

import (
	"math/rand"
	"sync"
)

// jitter spreads retries.
type jitter struct {
	rng *rand.Rand
}

func newJitter(seed int64) *jitter {
	return &jitter{rng: rand.New(rand.NewSource(seed))}
}

func (j *jitter) next(n int) int {
	return j.rng.Intn(n) // want `write of j.rng by Intn races with itself: line 26 starts a goroutine in each turn of the loop`
}

// A generator is as safe as its source, and that has no lock.
func retryEach(jobs []func(wait int)) {
	j := newJitter(1)
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Go(func() { job(j.next(100)) })
	}
	wg.Wait()
}
