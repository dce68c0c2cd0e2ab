package good

import (
	"math/rand"
	"sync"
)

// jitter spreads retries.
type jitter struct {
	rng *rand.Rand
}

func newJitter(seed int64) *jitter {
	return &jitter{rng: rand.New(&source{src: rand.NewSource(seed)})}
}

func (j *jitter) next(n int) int {
	return j.rng.Intn(n)
}

// source has a lock.
type source struct {
	mu  sync.Mutex
	src rand.Source
}

func (s *source) Int63() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.src.Int63()
}

func (s *source) Seed(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.src.Seed(n)
}

func retryEach(jobs []func(wait int)) {
	j := newJitter(1)
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Go(func() { job(j.next(100)) })
	}
	wg.Wait()
}
