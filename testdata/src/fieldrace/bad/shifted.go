package bad

import (
	"slices"
	"sort"
	"sync"
)

type outlet struct{ c chan string }

type fanout struct {
	mu      sync.Mutex
	outlets []*outlet
	topics  map[string][]*outlet
	names   []string
}

func newFanout() *fanout { return &fanout{topics: make(map[string][]*outlet)} }

func (f *fanout) Add(o *outlet) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.outlets = append(f.outlets, o)
}

func (f *fanout) Remove(o *outlet) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, p := range f.outlets {
		if p == o {
			f.outlets = append(f.outlets[:i], f.outlets[i+1:]...)
			return
		}
	}
}

// The elements move while the loop goes over them: one is told twice, another not at all.
func (f *fanout) Publish(m string) {
	f.mu.Lock()
	list := f.outlets
	f.mu.Unlock()
	for _, o := range list {
		o.c <- m // want `the slice taken from f.outlets on line 40 is used past the unlock, which races with the write on line 31, under f.mu; copy it first`
	}
}

func (f *fanout) Join(topic string, o *outlet) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.topics[topic] = append(f.topics[topic], o)
}

func (f *fanout) Leave(topic string, o *outlet) {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := f.topics[topic]
	if i := slices.Index(list, o); i >= 0 {
		f.topics[topic] = slices.Delete(list, i, i+1)
	}
}

func (f *fanout) Tell(topic, m string) {
	f.mu.Lock()
	list := f.topics[topic]
	f.mu.Unlock()
	for _, o := range list {
		o.c <- m // want `the slice taken from f.topics on line 64 is used past the unlock, which races with the write on line 58, under f.mu; copy it first`
	}
}

func (f *fanout) Rename(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.names = append(f.names, name)
	sort.Strings(f.names)
}

func (f *fanout) EachName(do func(string)) {
	f.mu.Lock()
	names := f.names
	f.mu.Unlock()
	for _, n := range names {
		do(n) // want `the slice taken from f.names on line 80 is used past the unlock`
	}
}
