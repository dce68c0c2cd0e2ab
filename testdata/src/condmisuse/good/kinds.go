package good

import "sync"

type bounded struct {
	mu    sync.Mutex
	cond  *sync.Cond
	items []int
	max   int
}

func newBounded(max int) *bounded {
	b := &bounded{max: max}
	b.cond = sync.NewCond(&b.mu)
	return b
}

func (b *bounded) put(x int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.items) == b.max {
		b.cond.Wait()
	}
	b.items = append(b.items, x)
	b.cond.Broadcast()
}

func (b *bounded) get() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.items) == 0 {
		b.cond.Wait()
	}
	x := b.items[0]
	b.items = b.items[1:]
	b.cond.Broadcast()
	return x
}

// All wait for the same.
type stack struct {
	mu     sync.Mutex
	cond   *sync.Cond
	items  []int
	closed bool
}

func newStack() *stack {
	s := &stack{}
	s.cond = sync.NewCond(&s.mu)
	return s
}

func (s *stack) put(x int) {
	s.mu.Lock()
	s.items = append(s.items, x)
	s.mu.Unlock()
	s.cond.Signal()
}

func (s *stack) pop() (int, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.items) == 0 && !s.closed {
		s.cond.Wait()
	}
	if s.closed {
		return 0, false
	}
	x := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return x, true
}

func (s *stack) top() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.items) == 0 {
		s.cond.Wait()
	}
	return s.items[len(s.items)-1]
}

// A Broadcast for the end wakes all.
type crew struct {
	mu     sync.Mutex
	more   *sync.Cond
	jobs   []func()
	closed bool
	wg     sync.WaitGroup
}

func newCrew() *crew {
	c := new(crew)
	c.more = sync.NewCond(&c.mu)
	return c
}

func (c *crew) start(n int) {
	for range n {
		c.wg.Add(1)
		go func() {
			defer c.wg.Done()
			for job := c.next(); job != nil; job = c.next() {
				job()
			}
		}()
	}
}

func (c *crew) next() func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.jobs) == 0 && !c.closed {
		c.more.Wait()
	}
	if len(c.jobs) == 0 {
		return nil
	}
	job := c.jobs[0]
	c.jobs = c.jobs[1:]
	return job
}

func (c *crew) add(job func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.jobs = append(c.jobs, job)
	c.more.Signal()
}

func (c *crew) dismiss() {
	c.mu.Lock()
	c.closed = true
	c.more.Broadcast()
	c.mu.Unlock()
	c.wg.Wait()
}

// One worker, and one Signal for its end.
type clerk struct {
	mu     sync.Mutex
	more   *sync.Cond
	jobs   []func()
	closed bool
}

func newClerk() *clerk {
	c := new(clerk)
	c.more = sync.NewCond(&c.mu)
	go c.work()
	return c
}

func (c *clerk) work() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.closed {
		for _, job := range c.jobs {
			job()
		}
		c.jobs = nil
		c.more.Wait()
	}
}

func (c *clerk) dismiss() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.more.Signal()
}

// Several clerks, each with a Cond of its own.
func newOffice(n int) (list []*clerk) {
	for range n {
		c := new(clerk)
		c.more = sync.NewCond(&c.mu)
		go c.work()
		list = append(list, c)
	}
	return list
}

// Whoever is woken at the end wakes the next one.
type chain struct {
	mu     sync.Mutex
	more   *sync.Cond
	closed bool
}

func newChain(n int) *chain {
	c := new(chain)
	c.more = sync.NewCond(&c.mu)
	for range n {
		go c.work()
	}
	return c
}

func (c *chain) work() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.closed {
		c.more.Wait()
	}
	c.more.Signal()
}

func (c *chain) dismiss() {
	c.mu.Lock()
	c.closed = true
	c.more.Signal()
	c.mu.Unlock()
}

// The flag is a turn: the one that is woken takes it, and the others wait on.
type wicket struct {
	mu   sync.Mutex
	cond *sync.Cond
	free bool
}

func newWicket(n int) *wicket {
	t := new(wicket)
	t.cond = sync.NewCond(&t.mu)
	for range n {
		go t.pass()
	}
	return t
}

func (t *wicket) pass() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for !t.free {
		t.cond.Wait()
	}
	t.free = false
}

func (t *wicket) release() {
	t.mu.Lock()
	t.free = true
	t.cond.Signal()
	t.mu.Unlock()
}

// Nobody waits for the end while there are signals: it is closed before, for good.
type intake struct {
	mu      sync.Mutex
	cond    *sync.Cond
	ready   []int
	working int
	closed  bool
}

func newIntake() *intake {
	in := new(intake)
	in.cond = sync.NewCond(&in.mu)
	return in
}

func (in *intake) add(x int) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.closed {
		return
	}
	in.ready = append(in.ready, x)
	in.cond.Signal()
}

func (in *intake) take() int {
	in.mu.Lock()
	defer in.mu.Unlock()
	for len(in.ready) == 0 && !in.closed {
		in.cond.Wait()
	}
	if len(in.ready) == 0 {
		return 0
	}
	x := in.ready[0]
	in.ready = in.ready[1:]
	in.working++
	return x
}

func (in *intake) done() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.working--
	in.cond.Broadcast()
}

func (in *intake) close() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.closed = true
	in.cond.Broadcast()
}

func (in *intake) drain() {
	in.close()
	in.mu.Lock()
	defer in.mu.Unlock()
	for len(in.ready) > 0 || in.working > 0 {
		in.cond.Wait()
	}
}

// Whoever waits for bytes is to give up at the shutdown.
type budget struct {
	mu       sync.Mutex
	cond     *sync.Cond
	free     int
	shutdown bool
}

func newBudget(n int) *budget {
	b := &budget{free: n}
	b.cond = sync.NewCond(&b.mu)
	return b
}

func (b *budget) Acquire(n int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.free < n && !b.shutdown {
		b.cond.Wait()
	}
	if b.shutdown {
		return false
	}
	b.free -= n
	return true
}

func (b *budget) Release(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free += n
	b.cond.Broadcast()
}

func (b *budget) Shutdown() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shutdown = true
	b.cond.Broadcast()
}

// Who is woken wakes the next one.
type relay struct {
	mu   sync.Mutex
	cond *sync.Cond
	n    int
	over bool
}

func newRelay() *relay {
	r := &relay{}
	r.cond = sync.NewCond(&r.mu)
	return r
}

func (r *relay) Take() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.n == 0 && !r.over {
		r.cond.Wait()
	}
	if r.over {
		r.cond.Signal()
		return false
	}
	r.n--
	return true
}

func (r *relay) Fill(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n += n
	r.cond.Broadcast()
}

func (r *relay) End() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.over = true
	r.cond.Signal()
}
