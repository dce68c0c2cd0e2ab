package bad

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

// The signal can wake another producer instead of a consumer.
func (b *bounded) put(x int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.items) == b.max {
		b.cond.Wait()
	}
	b.items = append(b.items, x)
	b.cond.Signal() // want `b.cond.Signal can wake the waiter on line \d+ for that on line \d+, which then blocks forever: they wait for different things; use Broadcast`
}

func (b *bounded) get() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.items) == 0 {
		b.cond.Wait()
	}
	x := b.items[0]
	b.items = b.items[1:]
	b.cond.Signal()
	return x
}

// A Signal for the end wakes one of the workers; the others wait for ever.
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
	c.more.Signal() // want `c.more.Signal wakes one goroutine, and c.closed ends Wait on line \d+ for all that line \d+ starts: the others block forever; use Broadcast`
	c.mu.Unlock()
	c.wg.Wait()
}

// What is added later can wake the one who waits for the end.
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
	in.ready = append(in.ready, x)
	in.cond.Signal() // want `in.cond.Signal can wake the waiter on line \d+ for that on line \d+`
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
	b.cond.Signal() // want `b.cond.Signal wakes one, and b.shutdown ends Wait on line \d+ for all, as the Broadcast on line \d+ has it: the others wait on; use Broadcast`
}
