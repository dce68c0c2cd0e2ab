package good

import (
	"errors"
	"sync"
)

var (
	db     *int
	dbOnce sync.Once
)

func open() { db = new(int) }

func instance() *int {
	dbOnce.Do(open)
	return db
}

var answer = sync.OnceValue(func() int { return 42 })

func prepare(f func()) func() {
	once := sync.OnceFunc(f)
	once()
	return once
}

var (
	connectMu sync.Mutex
	connected bool
)

func connect(dial func() error) (err error) {
	connectMu.Lock()
	defer connectMu.Unlock()
	if !connected {
		if err = dial(); err == nil {
			connected = true
		}
	}
	return err
}

var errDial = errors.New("dial")

// A local Once guards what goroutines of one call do.
func first(jobs []func() error) (err error) {
	var once sync.Once
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Go(func() {
			if e := job(); e != nil {
				once.Do(func() { err = e })
			}
		})
	}
	wg.Wait()
	return err
}

// One of many turns.
func report(items []int, warn func()) {
	var once sync.Once
	for _, x := range items {
		if x < 0 {
			once.Do(warn)
		}
	}
}

// Called early, or else at the end.
func release(free func(), early bool) {
	var once sync.Once
	defer once.Do(free)
	if early {
		once.Do(free)
	}
}

func each(items []int, compute func() int) (sum int) {
	get := sync.OnceValue(compute)
	for range items {
		sum += get()
	}
	return sum
}

// A Once is replaced when its Do is over.
type pool struct {
	mu   sync.Mutex
	once sync.Once
}

func (p *pool) start(f func()) { p.once.Do(f) }

func (p *pool) rearm() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.once = sync.Once{}
}
