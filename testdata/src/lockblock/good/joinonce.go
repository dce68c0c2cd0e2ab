package good

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

// The lock is let go before the wait.
func (im *importer) Abort() {
	im.mu.Lock()
	im.cancel()
	im.mu.Unlock()
	im.wg.Wait()
}

// It is let go around the wait.
func (im *importer) Restart() {
	im.mu.Lock()
	defer im.mu.Unlock()
	im.cancel()
	im.mu.Unlock()
	im.wg.Wait()
	im.mu.Lock()
	clear(im.running)
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
	l.mu.Lock()
	l.ended = true
	l.mu.Unlock()
	close(l.gone)
}

// The function has had the lock when it has set what is asked here.
func (l *lease) Return() bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.ended {
		<-l.gone
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

// What is deferred last runs first: the end is told before the lock is needed.
func (l *link) serve() {
	defer l.home.forget(l)
	defer close(l.over)
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

func (s *station) Quit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.links {
		l.hangUp()
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

// It has had the lock when it says that it does not play.
func (p *player) Wait() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.playing {
		<-p.done
	}
}

type mirror struct {
	mu    sync.RWMutex
	peers []string
	ready chan struct{}
	ended chan struct{}
}

// It returns when the goroutine has had the lock.
func (m *mirror) start(find func() []string) {
	go m.run(find)
	<-m.ready
}

func (m *mirror) run(find func() []string) {
	defer close(m.ended)
	m.mu.Lock()
	m.peers = find()
	m.mu.Unlock()
	close(m.ready)
}

func (m *mirror) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	<-m.ended
}

type gallery struct {
	mu    sync.RWMutex
	views int
	wg    sync.WaitGroup
}

func (g *gallery) show(print func(int)) {
	g.wg.Go(func() {
		g.mu.RLock()
		defer g.mu.RUnlock()
		print(g.views)
	})
}

func (g *gallery) probe() {
	g.wg.Go(func() {
		if g.mu.TryLock() {
			g.views++
			g.mu.Unlock()
		}
	})
}

// Both only read.
func (g *gallery) Close() {
	g.mu.RLock()
	defer g.mu.RUnlock()
	g.wg.Wait()
}
