package good

import (
	"bytes"
	"cmp"
	"fmt"
	"sync"
	"unsafe"
)

// The helper locks the one with the lower number first.
type Depot struct {
	mu   sync.RWMutex
	bins map[string]*bin
}

type bin struct {
	sync.Mutex
	id int
	n  int
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
	if b.id < a.id {
		a, b = b, a
	}
	a.Lock()
	b.Lock()
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

// The names decide, in who looks them up.
func inOrder(a, b *bin) (release func()) {
	a.Lock()
	b.Lock()
	return func() {
		b.Unlock()
		a.Unlock()
	}
}

func (d *Depot) Swap(one, two string) bool {
	if cmp.Compare(one, two) > 0 {
		one, two = two, one
	}
	return d.swap(one, two)
}

func (d *Depot) swap(one, two string) bool {
	a, b, ok := d.both(one, two)
	if !ok || a == b {
		return false
	}
	defer inOrder(a, b)()
	a.n, b.n = b.n, a.n
	return true
}

// One of a kind is a function that says which is first.
type Seat struct {
	mu  sync.Mutex
	num int
	by  string
}

func (s *Seat) before(other *Seat) bool { return s.num < other.num }

func Exchange(left, right *Seat) {
	if !left.before(right) {
		panic("not in order")
	}
	left.mu.Lock()
	defer left.mu.Unlock()
	right.mu.Lock()
	defer right.mu.Unlock()
	left.by, right.by = right.by, left.by
}

// Names copies the other's before it takes its own lock.
type Names struct {
	mu sync.Mutex
	m  map[string]bool
}

func (s *Names) Union(other *Names) {
	names := other.all()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range names {
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

// All callers give a new one.
func (s *Names) Fill(fresh *Names) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh.mu.Lock()
	defer fresh.mu.Unlock()
	for name := range s.m {
		fresh.m[name] = true
	}
}

func (s *Names) Clone() *Names {
	c := &Names{m: make(map[string]bool)}
	s.Fill(c)
	return c
}

// Nobody writes: readers do not wait for each other.
type Tags struct {
	mu sync.RWMutex
	m  map[string]bool
}

func (t *Tags) Within(other *Tags) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	other.mu.RLock()
	defer other.mu.RUnlock()
	for tag := range t.m {
		if !other.m[tag] {
			return false
		}
	}
	return true
}

// The lower index first.
type Rack struct {
	moving sync.Mutex
	slots  []*slot
}

type slot struct {
	mu   sync.Mutex
	load int
}

func (r *Rack) Swap(i, j int) {
	if i > j {
		i, j = j, i
	}
	a, b := r.slots[i], r.slots[j]
	a.mu.Lock()
	b.mu.Lock()
	a.load, b.load = b.load, a.load
	b.mu.Unlock()
	a.mu.Unlock()
}

// A third lock is around both.
func (r *Rack) Move(i, j int) {
	r.moving.Lock()
	defer r.moving.Unlock()
	a, b := r.slots[i], r.slots[j]
	a.mu.Lock()
	b.mu.Lock()
	a.load, b.load = 0, b.load+a.load
	b.mu.Unlock()
	a.mu.Unlock()
}

// Who does not get the second gives up.
func (r *Rack) Try(i, j int) bool {
	a, b := r.slots[i], r.slots[j]
	a.mu.Lock()
	defer a.mu.Unlock()
	if !b.mu.TryLock() {
		return false
	}
	a.load, b.load = b.load, a.load
	b.mu.Unlock()
	return true
}

// All callers pour from the upper one into the lower one.
type jar struct {
	mu sync.Mutex
	n  int
}

func pour(from, to *jar) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock()
	defer to.mu.Unlock()
	to.n, from.n = to.n+from.n, 0
}

type shelves struct{ upper, lower *jar }

func (s *shelves) mix() {
	var wg sync.WaitGroup
	wg.Go(func() { pour(s.upper, s.lower) })
	wg.Go(func() { pour(s.upper, s.lower) })
	wg.Wait()
}

// Peer has children: nobody adds a parent to its child.
type Peer struct {
	mu     sync.Mutex
	parent *Peer
	peers  []*Peer
	named  map[string]*Peer
	name   string
}

func Connect(a, b *Peer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	a.peers = append(a.peers, b)
}

func (p *Peer) Remove(child *Peer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	child.mu.Lock()
	defer child.mu.Unlock()
	delete(p.named, child.name)
}

func (p *Peer) Rename(child *Peer, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	child.mu.Lock()
	defer child.mu.Unlock()
	if child.parent == p {
		child.name = name
	}
}

// A new object takes over from the one before it.
type Gen struct {
	mu   sync.Mutex
	next *Gen
	n    int
}

func (g *Gen) Adopt(later *Gen) {
	g.mu.Lock()
	defer g.mu.Unlock()
	later.mu.Lock()
	defer later.mu.Unlock()
	later.n = g.n
}

func (g *Gen) advance() {
	g.Adopt(g.next)
}

// A plot has many things that can be compared.
type Plot struct {
	mu   sync.Mutex
	at   grid
	hash [4]byte
	n    int
}

type grid struct{ x, y int }

func (g grid) less(o grid) bool {
	p := &g
	return p.x < o.x || p.x == o.x && g.y < o.y
}

func Both(a, b *Plot) {
	if a.at.less(b.at) {
		a.mu.Lock()
		b.mu.Lock()
	} else {
		b.mu.Lock()
		a.mu.Lock()
	}
	a.n, b.n = b.n, a.n
	a.mu.Unlock()
	b.mu.Unlock()
}

func ByPlace(a, b *Plot) {
	if fmt.Sprintf("%p", a) < fmt.Sprintf("%p", b) {
		a.mu.Lock()
		b.mu.Lock()
	} else {
		b.mu.Lock()
		a.mu.Lock()
	}
	a.n, b.n = b.n, a.n
	a.mu.Unlock()
	b.mu.Unlock()
}

func (p *Plot) ByPointer(q *Plot) {
	if uintptr(unsafe.Pointer(q)) < uintptr(unsafe.Pointer(p)) {
		q.ByPointer(p)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	q.mu.Lock()
	defer q.mu.Unlock()
	p.n, q.n = q.n, p.n
}

func (p *Plot) ByHash(q *Plot) {
	turn := bytes.Compare(p.hash[:], q.hash[:]) > 0
	if turn {
		q.mu.Lock()
	}
	p.mu.Lock()
	if !turn {
		q.mu.Lock()
	}
	p.n, q.n = q.n, p.n
	p.mu.Unlock()
	q.mu.Unlock()
}

func (p *Plot) ByDistance(q *Plot) error {
	var first, second *Plot
	switch d := p.at.x - q.at.x; {
	case d < 0:
		first, second = p, q
	case d > 0:
		first, second = q, p
	default:
		return fmt.Errorf("%v and %v are one", p.at, q.at)
	}
	link(first, second)
	return nil
}

func link(a, b *Plot) {
	a.mu.Lock()
	defer a.mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	a.n, b.n = b.n, a.n
}

// The first is taken out of the table: the opposite call does not find it any more.
type Field struct {
	mu    sync.Mutex
	plots map[string]*Plot
}

func (f *Field) Merge(from, to string) {
	f.mu.Lock()
	a, okA := f.plots[from]
	b, okB := f.plots[to]
	if !okA || !okB || a == b {
		f.mu.Unlock()
		return
	}
	delete(f.plots, from)
	f.mu.Unlock()
	a.mu.Lock()
	b.mu.Lock()
	b.n += a.n
	b.mu.Unlock()
	a.mu.Unlock()
}

// View has the lock of what it is a view of, as others may.
type View struct {
	mu *sync.Mutex
	n  int
}

func (v *View) CopyFrom(other *View) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if other.mu != v.mu {
		other.mu.Lock()
		defer other.mu.Unlock()
	}
	v.n = other.n
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
	for v := range b.m {
		all.m[v] = true
	}
	b.RUnlock()
	o.RLock()
	for v := range o.m {
		all.m[v] = true
	}
	o.RUnlock()
	return all
}

// One goroutine does it.
type cask struct {
	mu sync.Mutex
	n  int
}

var cellar, attic = &cask{n: 1}, &cask{}

func init() {
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
	to.mu.Lock()
	defer to.mu.Unlock()
	from.n, to.n = to.n, from.n
}

// The elements are nobody else's.
func Draw(i, j int) int {
	slots := make([]slot, 8)
	slots[i].mu.Lock()
	slots[j].mu.Lock()
	defer slots[i].mu.Unlock()
	defer slots[j].mu.Unlock()
	return slots[i].load + slots[j].load
}
