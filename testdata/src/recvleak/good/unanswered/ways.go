package good

import (
	"context"
	"sync"
)

// A note need not be answered: who writes one down does not wait.
type note struct {
	text string
	ack  chan bool
}

type Log struct{ notes chan note }

func (l *Log) run() {
	for n := range l.notes {
		if n.ack == nil {
			continue
		}
		n.ack <- true
	}
}

func NewLog() *Log {
	l := &Log{notes: make(chan note, 1)}
	go l.run()
	return l
}

func (l *Log) Sync() {
	n := note{ack: make(chan bool)}
	l.notes <- n
	<-n.ack
}

// A mail is waited for if it is urgent, and only then answered.
type mail struct {
	urgent bool
	seen   chan struct{}
}

type Post struct{ mails chan mail }

func (p *Post) run() {
	for m := range p.mails {
		if !m.urgent {
			continue
		}
		m.seen <- struct{}{}
	}
}

func NewPost() *Post {
	p := &Post{mails: make(chan mail)}
	go p.run()
	return p
}

func (p *Post) Send(urgent bool) {
	m := mail{urgent: urgent, seen: make(chan struct{}, 1)}
	p.mails <- m
	if urgent {
		<-m.seen
	}
}

// A query of no kind is asked by nobody.
type query struct {
	kind  int
	key   string
	value chan string
}

type Table struct {
	queries chan query
	later   []query
}

func (t *Table) run() {
	data := make(map[string]string)
	for q := range t.queries {
		t.answer(data, q)
	}
}

func (t *Table) answer(data map[string]string, q query) {
	switch q.kind {
	case 0:
		q.value <- data[q.key]
	case 1:
		q.value <- q.key
	default:
		return
	}
}

func NewTable() *Table {
	t := &Table{queries: make(chan query)}
	go t.run()
	return t
}

func (t *Table) Get(kind int, key string) string {
	q := query{kind: kind % 2, key: key, value: make(chan string, 1)}
	t.queries <- q
	return <-q.value
}

// A want is kept until there is something to give.
type want struct {
	n   int
	got chan int
}

type Shop struct {
	wants chan want
	goods chan int
}

func (s *Shop) run() {
	var waiting []want
	left := 0
	for {
		select {
		case w := <-s.wants:
			if w.n > left {
				waiting = append(waiting, w)
				continue
			}
			left -= w.n
			w.got <- w.n
		case n := <-s.goods:
			left += n
			for _, w := range waiting {
				w.got <- 0
			}
			waiting = nil
		}
	}
}

func NewShop() *Shop {
	s := &Shop{wants: make(chan want), goods: make(chan int)}
	go s.run()
	return s
}

func (s *Shop) Buy(n int) int {
	w := want{n, make(chan int, 1)}
	s.wants <- w
	return <-w.got
}

func (s *Shop) Bring(n int) { s.goods <- n }

// A task is tried a second time by who has received it.
type task struct {
	run  func() bool
	done chan bool
}

type Pool struct{ tasks chan *task }

func (p *Pool) worker() {
	for t := range p.tasks {
		if !t.try() {
			t.done <- false
		}
	}
}

func (t *task) try() bool {
	if !t.run() {
		return false
	}
	t.done <- true
	return true
}

func NewPool() *Pool {
	p := &Pool{tasks: make(chan *task)}
	go p.worker()
	return p
}

func (p *Pool) Do(run func() bool) bool {
	t := &task{run, make(chan bool, 1)}
	p.tasks <- t
	return <-t.done
}

// A call is answered by what is deferred, and its asker does not wait for ever.
type call struct {
	arg  string
	done chan error
}

type Proxy struct {
	calls chan *call
	once  sync.Once
}

func (p *Proxy) run(do func(string) error) {
	for c := range p.calls {
		p.one(c, do)
	}
}

func (p *Proxy) one(c *call, do func(string) error) {
	var err error
	defer func() { c.done <- err }()
	if err = do(c.arg); err != nil {
		return
	}
	err = do("bye")
}

func NewProxy(do func(string) error) *Proxy {
	p := &Proxy{calls: make(chan *call)}
	go p.run(do)
	return p
}

func (p *Proxy) Call(arg string) error {
	c := &call{arg, make(chan error, 1)}
	p.calls <- c
	return <-c.done
}

// A probe may be left without an answer: who asks has a context.
type probe struct {
	addr string
	up   chan bool
}

type Prober struct{ probes chan probe }

func (p *Prober) run() {
	for x := range p.probes {
		if x.addr == "" {
			continue
		}
		x.up <- true
	}
}

func NewProber() *Prober {
	p := &Prober{probes: make(chan probe)}
	go p.run()
	return p
}

func (p *Prober) Up(ctx context.Context, addr string) bool {
	x := probe{addr, make(chan bool, 1)}
	p.probes <- x
	select {
	case up := <-x.up:
		return up
	case <-ctx.Done():
		return false
	}
}
