package bad

import (
	"context"
	"sync"
	"time"
)

type importer struct {
	mu      sync.Mutex
	running map[string]bool
	wg      sync.WaitGroup
	cancel  context.CancelFunc
}

func (im *importer) begin(ctx context.Context, file string, load func(context.Context)) {
	im.mu.Lock()
	defer im.mu.Unlock()
	im.running[file] = true
	im.wg.Go(func() {
		load(ctx)
		im.end(file)
	})
}

func (im *importer) end(file string) {
	im.mu.Lock()
	defer im.mu.Unlock()
	delete(im.running, file)
}

// Each goroutine takes the lock at its end.
func (im *importer) Abort() {
	im.mu.Lock()
	defer im.mu.Unlock()
	im.cancel()
	im.wg.Wait() // want `im\.wg\.Wait blocks forever if the goroutine \(line \d+\) is at its Lock \(line \d+\): im\.mu is held since line \d+; unlock it before`
}

type lease struct {
	mu    sync.RWMutex
	ended bool
	alarm *time.Timer
	gone  chan struct{}
}

func grant(d time.Duration) *lease {
	l := &lease{gone: make(chan struct{})}
	l.alarm = time.AfterFunc(d, l.lapse)
	return l
}

func (l *lease) lapse() {
	defer close(l.gone)
	l.mu.Lock()
	l.ended = true
	l.mu.Unlock()
}

// The timer's function has begun, and needs the lock.
func (l *lease) Return() bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if !l.alarm.Stop() {
		<-l.gone // want `receive from l\.gone blocks forever if the goroutine \(line \d+\) is at its Lock \(line \d+\): l\.mu is held since line \d+; unlock it before`
	}
	return l.ended
}

type station struct {
	mu    sync.Mutex
	links map[string]*link
}

type link struct {
	name string
	home *station
	stop chan struct{}
	over chan struct{}
}

func (s *station) dial(name string) {
	l := &link{name: name, home: s, stop: make(chan struct{}), over: make(chan struct{})}
	s.mu.Lock()
	s.links[name] = l
	s.mu.Unlock()
	go l.serve()
}

func (l *link) serve() {
	defer close(l.over)
	defer l.home.forget(l)
	<-l.stop
}

func (s *station) forget(l *link) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.links, l.name)
}

func (l *link) hangUp() {
	close(l.stop)
	<-l.over
}

// The goroutines of the links take the lock of their station before they end.
func (s *station) Quit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.links {
		l.hangUp() // want `the receive from s\.links\[\.\.\.\]\.over \(line \d+\) in this call blocks forever if the goroutine \(line \d+\) is at its Lock \(line \d+\): s\.mu is held; unlock it before`
	}
}

type player struct {
	mu      sync.Mutex
	playing bool
	done    chan struct{}
}

func (p *player) Play(sound func()) {
	p.mu.Lock()
	p.playing = true
	p.done = make(chan struct{})
	p.mu.Unlock()
	go p.run(sound)
}

func (p *player) run(sound func()) {
	sound()
	p.mu.Lock()
	p.playing = false
	p.mu.Unlock()
	close(p.done)
}

// While it says that it plays, it has not had the lock at its end.
func (p *player) Wait() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.playing {
		<-p.done // want `receive from p\.done blocks forever if the goroutine \(line \d+\) is at its Lock \(line \d+\): p\.mu is held since line \d+; unlock it before`
	}
}
