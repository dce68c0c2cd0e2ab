package bad

import "time"

// poller is asked while it polls.
type poller struct {
	quit chan struct{}
	last time.Time
	errs int
}

func newPoller(check func() error) *poller {
	p := &poller{quit: make(chan struct{})}
	go p.run(check)
	return p
}

func (p *poller) run(check func() error) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-p.quit:
			return
		case now := <-t.C:
			p.note(now)
		}
	}
}

func (p *poller) note(now time.Time) {
	p.last = now
	p.errs++
}

// Last sees the half of a time, or an old one for ever.
func (p *poller) Last() time.Time {
	return p.last // want `read of p.last races with the write on line 32: nothing orders it with the goroutine of line 14; guard both by a mutex`
}

func (p *poller) Reset() {
	p.errs = 0 // want `write of p.errs races with the write on line 33`
}

func (p *poller) Close() { close(p.quit) }

type cache struct{ entry *int }

// Refresh returns before the entry is there.
func (c *cache) Refresh(load func() int) {
	go func() {
		n := 1
		c.entry = &n
	}()
}

func (c *cache) Entry() *int {
	return c.entry // want `read of c.entry races with the write on line 53`
}

// election is led by the goroutine of the member that it belongs to.
type election struct {
	leader int
	term   int
}

func (e *election) won(id int) {
	e.leader = id
	e.term++
}

type member struct {
	votes chan int
	quit  chan struct{}
	ended chan struct{}
	e     *election
}

func newMember() *member {
	m := &member{votes: make(chan int, 1), quit: make(chan struct{}), ended: make(chan struct{}), e: new(election)}
	go m.run()
	return m
}

func (m *member) run() {
	defer close(m.ended)
	for {
		select {
		case id := <-m.votes:
			m.e.won(id)
		case <-m.quit:
			return
		}
	}
}

// Who votes does so while the goroutine runs, whatever Stop waits for.
func (m *member) Vote(id int) int {
	select {
	case m.votes <- id:
	case <-m.ended:
	default:
		return m.e.leader // want `read of m.e.leader races with the write on line 68: nothing orders it with the goroutine of line 81; guard both by a mutex`
	}
	return 0
}

func (m *member) Stop() {
	close(m.quit)
	<-m.ended
}

var level int

// Watch sets what others read at any time.
func Watch(every time.Duration) {
	go func() {
		for now := range time.Tick(every) {
			level = now.Second()
		}
	}()
}

func Level() int {
	return level // want `read of level races with the write on line 119: nothing orders it with the goroutine of line 117; guard both by a mutex`
}

// idle notes in a timer's goroutine that it has had its time.
type idle struct {
	t    *time.Timer
	over bool
}

func newIdle(d time.Duration) *idle {
	i := &idle{}
	i.t = time.AfterFunc(d, func() { i.over = true })
	return i
}

func (i *idle) Over() bool {
	return i.over // want `read of i.over races with the write on line \d+: nothing orders it with the goroutine of line \d+; guard both by a mutex`
}
