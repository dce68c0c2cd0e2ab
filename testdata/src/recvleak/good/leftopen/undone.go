package good

import "sync"

// A desk opens sessions, and tells those that wait for one when it is ready.
type desk struct {
	mu   sync.Mutex
	open map[string]*session
}

type session struct{ ready chan struct{} }

// Open takes the session out again, when it cannot be saved, before anybody can have seen it: the
// lock is held from before it is put there.
func (d *desk) Open(id string, save func() error) (*session, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := &session{make(chan struct{})}
	d.open[id] = s
	if err := save(); err != nil {
		delete(d.open, id)
		return nil, err
	}
	close(s.ready)
	return s, nil
}

func (d *desk) Wait(id string) {
	d.mu.Lock()
	s := d.open[id]
	d.mu.Unlock()
	if s != nil {
		<-s.ready
	}
}
