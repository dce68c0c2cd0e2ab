package good

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
			f.outlets = append(f.outlets[:i:i], f.outlets[i+1:]...) // in memory of its own
			return
		}
	}
}

// What the loop goes over stays as it is.
func (f *fanout) Publish(m string) {
	f.mu.Lock()
	list := f.outlets
	f.mu.Unlock()
	for _, o := range list {
		o.c <- m
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
		f.topics[topic] = slices.Delete(slices.Clone(list), i, i+1)
	}
}

func (f *fanout) Tell(topic, m string) {
	f.mu.Lock()
	list := f.topics[topic]
	f.mu.Unlock()
	for _, o := range list {
		o.c <- m
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
	names := slices.Clone(f.names)
	f.mu.Unlock()
	for _, n := range names {
		do(n)
	}
}

// Who takes them all leaves none behind to be moved.
type batchOf struct {
	mu    sync.Mutex
	items []string
}

func (b *batchOf) Add(item string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.items = append(b.items, item)
	sort.Strings(b.items)
}

func (b *batchOf) Flush(do func(string)) {
	b.mu.Lock()
	items := b.items
	b.items = nil
	b.mu.Unlock()
	for _, item := range items {
		do(item)
	}
}
