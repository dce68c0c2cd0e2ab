package good

import (
	"context"
	"sync"
)

// A measurement is what a sensor says.
type measurement struct {
	seq, dropped int
	values       []float64
	taken        chan struct{}
	mu           sync.Mutex
	note         string
}

// A station polls sensors in one goroutine and ships what it has in another.
type station struct {
	out   chan *measurement
	in    chan *measurement
	asked chan *measurement
	free  chan *measurement
	sink  func(int, []float64)
}

func (s *station) run(ctx context.Context, read func() []float64) {
	go s.ship()
	go s.relay()
	r := &measurement{}
	for ctx.Err() == nil {
		r.values = append(r.values, read()...)
		if len(r.values) < 4 {
			continue
		}
		seq := r.seq
		s.out <- r
		r = &measurement{seq: seq + 1}
	}
	close(s.out)
}

func (s *station) ship() {
	for r := range s.out {
		s.sink(r.seq, r.values)
	}
}

func (s *station) relay() {
	for {
		select {
		case r := <-s.in:
			s.sink(r.dropped, nil)
		case r := <-s.asked:
			s.sink(r.seq, nil)
			close(r.taken)
		case r := <-s.free:
			r.mu.Lock()
			s.sink(len(r.note), nil)
			r.mu.Unlock()
		}
	}
}

// Submit counts what it could not give away.
func (s *station) Submit(r *measurement) {
	select {
	case s.in <- r:
	default:
		r.dropped++
	}
}

// Ask waits until the measurement is taken.
func (s *station) Ask(r *measurement) {
	s.asked <- r
	<-r.taken
	r.seq++
}

// Note is under the lock of the measurement.
func (s *station) Note(r *measurement, note string) {
	s.free <- r
	r.mu.Lock()
	r.note = note
	r.mu.Unlock()
}
