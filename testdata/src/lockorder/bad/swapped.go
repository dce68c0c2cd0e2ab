package bad

import (
	"fmt"
	"sync"
)

// A depot finds two bins by name, and a helper locks the first one given first:
// d.Move("a", "b", 1) holds a and waits for b, d.Move("b", "a", 1) the other way round.
type Depot struct {
	mu   sync.RWMutex
	bins map[string]*bin
}

type bin struct {
	sync.Mutex
	n int
}

func (d *Depot) both(one, two string) (a, b *bin, ok bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	a, okA := d.bins[one]
	b, okB := d.bins[two]
	if !okA || !okB {
		return nil, nil, false
	}
	return a, b, true
}

func hold(a, b *bin) (release func()) {
	a.Lock()
	b.Lock() // want `b is locked while a is held: a call of Depot\.Move with from and to swapped, at the same time, blocks both forever; use an order of their own`
	return func() {
		b.Unlock()
		a.Unlock()
	}
}

func (d *Depot) Move(from, to string, n int) bool {
	if from == to {
		return true
	}
	src, dst, ok := d.both(from, to)
	if !ok {
		return false
	}
	defer hold(src, dst)()
	if src.n < n {
		return false
	}
	src.n -= n
	dst.n += n
	return true
}

func (d *Depot) Even(one, two string) {
	var wg sync.WaitGroup
	wg.Go(func() { d.Move(one, two, 1) })
	wg.Go(func() { d.Move(two, one, 1) })
	wg.Wait()
}

// Seat is given twice to a function that others call.
type Seat struct {
	mu  sync.Mutex
	num int
	by  string
}

func Exchange(left, right *Seat) {
	if left == right {
		return
	}
	left.mu.Lock()
	defer left.mu.Unlock()
	right.mu.Lock() // want `right\.mu is locked while left\.mu is held: a call with left and right swapped, at the same time, blocks both forever; use an order of their own`
	defer right.mu.Unlock()
	left.by, right.by = right.by, left.by
}

// Names takes the other's lock in a call.
type Names struct {
	mu sync.Mutex
	m  map[string]bool
}

func (s *Names) Union(other *Names) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range other.all() { // want `the call locks other\.mu \(swapped\.go:\d+\) while s\.mu is held: a call with s and other swapped, at the same time, blocks both forever; use an order of their own`
		s.m[name] = true
	}
}

func (s *Names) all() (list []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range s.m {
		list = append(list, name)
	}
	return list
}

// Tags only reads both, but a writer that waits for either keeps readers out.
type Tags struct {
	mu sync.RWMutex
	m  map[string]bool
}

func (t *Tags) Add(tag string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.m[tag] = true
}

func (t *Tags) Within(other *Tags) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	other.mu.RLock() // want `other\.mu is locked while t\.mu is held: a call with t and other swapped blocks, and both do forever, when Lock of each waits as well; use an order of their own`
	defer other.mu.RUnlock()
	for tag := range t.m {
		if !other.m[tag] {
			return false
		}
	}
	return true
}

// Two elements by their indexes.
type Rack struct{ slots []*slot }

type slot struct {
	mu   sync.Mutex
	load int
}

func (r *Rack) Swap(i, j int) {
	a, b := r.slots[i], r.slots[j]
	a.mu.Lock()
	b.mu.Lock() // want `mu is locked while r\.slots\[i\]\.mu is held: a call with i and j swapped, at the same time, blocks both forever; use an order of their own`
	a.load, b.load = b.load, a.load
	b.mu.Unlock()
	a.mu.Unlock()
}

// Only this package calls it, the one way and the other.
type jar struct {
	mu sync.Mutex
	n  int
}

func pour(from, to *jar) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock() // want `to\.mu is locked while from\.mu is held: a call with from and to swapped, at the same time, blocks both forever; use an order of their own`
	defer to.mu.Unlock()
	to.n, from.n = to.n+from.n, 0
}

type shelves struct{ upper, lower *jar }

func (s *shelves) mix() {
	var wg sync.WaitGroup
	wg.Go(func() { pour(s.upper, s.lower) })
	wg.Go(func() { pour(s.lower, s.upper) })
	wg.Wait()
}

// Both know each other afterwards: they are two of a kind still.
type Peer struct {
	mu    sync.Mutex
	peers []*Peer
}

func Connect(a, b *Peer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	b.mu.Lock() // want `b\.mu is locked while a\.mu is held: a call with a and b swapped, at the same time, blocks both forever; use an order of their own`
	defer b.mu.Unlock()
	a.peers = append(a.peers, b)
	b.peers = append(b.peers, a)
}

// That it says which two is no order, nor is what it compares when it has both.
type Plot struct {
	mu   sync.Mutex
	name string
	n    int
}

func (p *Plot) Trade(q *Plot) error {
	if p == q {
		return fmt.Errorf("%s and %s are one", p.name, q.name)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	q.mu.Lock() // want `q\.mu is locked while p\.mu is held: a call with p and q swapped, at the same time, blocks both forever; use an order of their own`
	defer q.mu.Unlock()
	if p.n < q.n {
		p.n, q.n = q.n, p.n
	}
	return nil
}

type Field struct {
	mu    sync.Mutex
	plots map[string]*Plot
}

func (f *Field) find(name string) *Plot {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.plots[name]
}

func (f *Field) Merge(from, to string) {
	a, b := f.find(from), f.find(to)
	if a == nil || b == nil || a == b {
		return
	}
	a.mu.Lock()
	b.mu.Lock() // want `mu is locked while .* is held: a call with from and to swapped, at the same time, blocks both forever; use an order of their own`
	b.n += a.n
	b.mu.Unlock()
	a.mu.Unlock()
}

// Others have a bag behind an interface, and give it another one.
type Bag[T comparable] interface {
	Put(T)
	Join(other Bag[T]) Bag[T]
}

type bag[T comparable] struct {
	sync.RWMutex
	m map[T]bool
}

func NewBag[T comparable]() Bag[T] { return &bag[T]{m: make(map[T]bool)} }

func (b *bag[T]) Put(v T) {
	b.Lock()
	defer b.Unlock()
	b.m[v] = true
}

func (b *bag[T]) Join(other Bag[T]) Bag[T] {
	o := other.(*bag[T])
	all := &bag[T]{m: make(map[T]bool)}
	b.RLock()
	o.RLock() // want `other is locked while b is held: a call with b and other swapped blocks, and both do forever, when Lock of each waits as well; use an order of their own`
	for v := range b.m {
		all.m[v] = true
	}
	for v := range o.m {
		all.m[v] = true
	}
	o.RUnlock()
	b.RUnlock()
	return all
}

// Two goroutines do it.
type cask struct {
	mu sync.Mutex
	n  int
}

var cellar, attic = &cask{n: 1}, &cask{}

func init() {
	go tend()
	go tend()
}

func tend() {
	for {
		shift(cellar, attic)
		shift(attic, cellar)
	}
}

func shift(from, to *cask) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock() // want `to\.mu is locked while from\.mu is held: a call with from and to swapped, at the same time, blocks both forever; use an order of their own`
	defer to.mu.Unlock()
	from.n, to.n = to.n, from.n
}
