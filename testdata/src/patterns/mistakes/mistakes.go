// Package mistakes holds the classic mistakes of each pattern, as docs/patterns.md
// lists them. A comment names the analyzer that finds the one on its line.
package mistakes

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Pipeline: the consumer leaves, and the stage before it blocks forever.
func firstAbove(limit int) int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := range 1000 {
			out <- i // finds sendleak
		}
	}()
	for x := range out {
		if x > limit {
			return x
		}
	}
	return -1
}

// Pipeline: nobody closes the channel that is ranged over.
func sumAll(xs []int) int {
	out := make(chan int)
	go func() {
		for _, x := range xs {
			out <- x
		}
	}()
	sum := 0
	for x := range out { // finds deadlock
		sum += x
	}
	return sum
}

// Fan-in: Add in the goroutine that it counts, so Wait may return at once.
func mergeEarly(inputs []<-chan int, out chan<- int) {
	var wg sync.WaitGroup
	for _, in := range inputs {
		go func() {
			wg.Add(1) // finds waitgroup
			defer wg.Done()
			for x := range in {
				out <- x
			}
		}()
	}
	wg.Wait()
	close(out)
}

// Worker pool: the jobs channel is never closed, and the workers wait forever.
func workForever(items []int, use func(int)) {
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for x := range jobs { // finds deadlock
				use(x)
			}
		}()
	}
	for _, x := range items {
		jobs <- x
	}
	wg.Wait()
}

// Worker pool: the break ends the select, and the loop goes on.
func feed(ctx context.Context, items []int, jobs chan<- int) {
	for _, x := range items {
		select {
		case <-ctx.Done():
			break // finds selectexit
		default:
		}
		jobs <- x
	}
}

// Drop: a default without anything to do spins.
func next(queue <-chan string) string {
	for {
		select {
		case s := <-queue:
			return s
		default: // finds selectexit
		}
	}
}

// Timeout: the result has no room, and nobody takes it any more.
func withTimeout(f func() int) (int, bool) {
	result := make(chan int)
	go func() { result <- f() }() // finds sendleak
	select {
	case x := <-result:
		return x, true
	case <-time.After(time.Second):
		return 0, false
	}
}

// Timeout: the cancel function is thrown away.
func discarded(ctx context.Context) context.Context {
	ctx, _ = context.WithTimeout(ctx, time.Second) // finds lostcancel
	return ctx
}

// Stop: two calls close the channel twice.
func stopTwice() {
	stop := make(chan struct{})
	closeIt := func() { close(stop) } // finds chanclose
	closeIt()
	closeIt()
}

type counter struct {
	mu sync.RWMutex
	m  map[string]int
}

// Counter: a return without the unlock.
func (c *counter) addIfKnown(name string) bool {
	c.mu.Lock()
	if _, ok := c.m[name]; !ok {
		return false // finds missingunlock
	}
	c.m[name]++
	c.mu.Unlock()
	return true
}

// Counter: the lock is copied with the receiver, and guards nothing.
func (c counter) get(name string) int { // finds copylock
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.m[name]
}

func (c *counter) total() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	n := 0
	for _, x := range c.m {
		n += x
	}
	return n
}

// Counter: a method that locks, called with the lock held.
func (c *counter) addToAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.total() // finds doublelock
	for name := range c.m {
		c.m[name] += n
	}
}

// Counter: the wrong unlock.
func (c *counter) size() int {
	c.mu.RLock()
	defer c.mu.Unlock() // finds lockmismatch
	return len(c.m)
}

type registry struct {
	mu *sync.Mutex
	m  map[string]int
}

// Counter: a pointer to a lock that nobody makes.
func (r *registry) set(name string) {
	r.mu.Lock() // finds zerovalue
	r.m[name]++ // finds zerovalue
	r.mu.Unlock()
}

var (
	once   sync.Once
	shared *int
)

// Once: only the first caller gets the error.
func load(open func() (*int, error)) (*int, error) {
	var err error
	once.Do(func() { shared, err = open() }) // finds oncemisuse
	return shared, err
}

// Once: one for each call.
func perCall(f func()) {
	var once sync.Once
	once.Do(f) // finds oncemisuse
}

type queue struct {
	mu    sync.Mutex
	cond  *sync.Cond
	items []int
	size  int
}

func newQueue() *queue {
	q := &queue{}
	q.cond = sync.NewCond(&q.mu)
	return q
}

// Cond: one look at the condition is not enough.
func (q *queue) get() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		q.cond.Wait() // finds condmisuse
	}
	x := q.items[0]
	q.items = q.items[1:]
	return x
}

// Cond: Signal can wake one who waits for something else.
func (q *queue) put(x int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == q.size {
		q.cond.Wait()
	}
	q.items = append(q.items, x)
	q.cond.Signal() // finds condmisuse
}

func (q *queue) peek() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.cond.Wait()
	}
	return q.items[0]
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Pool: the bytes are those of the next who gets the buffer.
func format(v any) []byte {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	fmt.Fprint(buf, v)
	return buf.Bytes() // finds poolmisuse
}

// Pool: put on the error path, and again at the end.
func formatTwice(v any) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf) // finds poolmisuse
	if _, err := fmt.Fprint(buf, v); err != nil {
		buffers.Put(buf)
		return err
	}
	return nil
}

// Semaphore: the slot is kept while waiting for the slots of the links.
func crawl(page string, slots chan struct{}, fetch func(string) []string) {
	slots <- struct{}{}
	defer func() { <-slots }()
	for _, link := range fetch(page) {
		crawl(link, slots, fetch) // finds semaphore
	}
}

// Rate limit: Stop does not close the ticker's channel, and the goroutine stays.
func heartbeat(beat func(), stop <-chan struct{}) {
	ticker := time.NewTicker(time.Second)
	go func() {
		for range ticker.C { // finds timerleak
			beat()
		}
	}()
	<-stop
	ticker.Stop()
}

// Fan-in: the goroutines append to one slice without a lock.
func lengths(words []string) []int {
	var out []int
	var wg sync.WaitGroup
	for _, w := range words {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out = append(out, len(w)) // finds varrace
		}()
	}
	wg.Wait()
	return out
}

// Fan-in: and to one map.
func index(words []string) map[string]int {
	out := make(map[string]int)
	var wg sync.WaitGroup
	for i, w := range words {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out[w] = i // finds maprace
		}()
	}
	wg.Wait()
	return out
}

type gauge struct {
	mu    sync.Mutex
	value int
}

func (g *gauge) set(v int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.value = v // finds fieldrace
}

func (g *gauge) add(v int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.value += v
}

func (g *gauge) watch(values <-chan int) {
	go func() {
		for v := range values {
			g.set(v)
			g.add(1)
		}
	}()
	fmt.Println(g.get())
}

// Counter: a read without the lock that guards the field elsewhere. It is found at
// the write that it races with.
func (g *gauge) get() int {
	return g.value
}

// Timeout: the cleanup gets a context that is done.
func save(ctx context.Context, srv *http.Server) error {
	<-ctx.Done()
	return srv.Shutdown(ctx) // finds contextmisuse
}
