package bad

import (
	"iter"
	"sync"
)

type shard struct {
	mu sync.Mutex
	n  int
}

// Each turn locks a copy, while others change the element.
func total(shards []shard) (n int) {
	for _, s := range shards { // want `range copies shards\[i\].mu \(sync.Mutex\) into s: the two do not exclude each other; range over the index`
		s.mu.Lock()
		n += s.n
		s.mu.Unlock()
	}
	return n
}

func indexed(shards []shard) (n int) {
	for at, s := range shards { // want `range copies shards\[at\].mu \(sync.Mutex\) into s: .*`
		n += at * s.n
	}
	return n
}

// The loop changes what it thinks is the element: no fix, since that would
// begin to work.
func reset(shards []shard) {
	for _, s := range shards { // want `range copies shards\[i\].mu .*`
		s.n = 0
	}
}

func reused(shards *[4]shard) int {
	var last shard
	for _, last = range shards { // want `range copies shards\[i\].mu \(sync.Mutex\) into last: .*`
	}
	return last.n
}

func inMap(byName map[string]shard) (n int) {
	for _, s := range byName { // want `range copies byName\[k\].mu \(sync.Mutex\) into s: .*; store pointers`
		n += s.n
	}
	return n
}

func yielded(all iter.Seq[shard]) (n int) {
	for s := range all { // want `range copies s.mu \(sync.Mutex\): .*; yield pointers`
		n += s.n
	}
	return n
}
