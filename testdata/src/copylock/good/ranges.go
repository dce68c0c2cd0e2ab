package good

import (
	"iter"
	"sync"
)

type shard struct {
	mu sync.Mutex
	n  int
}

func total(shards []shard) (n int) {
	for i := range shards {
		s := &shards[i]
		s.mu.Lock()
		n += s.n
		s.mu.Unlock()
	}
	return n
}

func indexed(shards []*shard) (n int) {
	for at, s := range shards {
		n += at * s.n
	}
	return n
}

func reset(shards []shard) {
	for i, _ := range shards {
		shards[i].n = 0
	}
}

func reused(shards *[4]shard) int {
	var last *shard
	for i := range shards {
		last = &shards[i]
	}
	return last.n
}

func inMap(byName map[string]*shard) (n int) {
	for _, s := range byName {
		n += s.n
	}
	return n
}

func yielded(all iter.Seq[*shard]) (n int) {
	for s := range all {
		n += s.n
	}
	return n
}
