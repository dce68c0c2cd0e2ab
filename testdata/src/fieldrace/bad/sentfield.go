package bad

import "context"

// A reading is what a sensor says.
type reading struct {
	seq    int
	values []float64
}

// A station polls sensors in one goroutine and ships what it has in another.
type station struct {
	out  chan *reading
	in   chan *reading
	sink func(int, []float64)
}

func (s *station) run(ctx context.Context, read func() []float64) {
	go s.ship()
	go s.relay()
	r := &reading{}
	for ctx.Err() == nil {
		r.values = append(r.values, read()...)
		if len(r.values) < 4 {
			continue
		}
		s.out <- r
		r.seq++ // want `write of r.seq races with the read on line 36: r was sent on line 27 to the goroutine that reads it; make a new one for each send`
		r = &reading{seq: r.seq}
	}
	close(s.out)
}

func (s *station) ship() {
	for r := range s.out {
		s.sink(r.seq, r.values)
	}
}

// relay hands on what it has marked too late, and publish reads it.
func (s *station) relay() {
	go func() {
		for r := range s.in {
			s.publish(r)
		}
	}()
}

func (s *station) publish(r *reading) {
	s.sink(r.seq, nil)
}

// Submit gives the reading away and numbers it after that.
func (s *station) Submit(ctx context.Context, r *reading, seq int) {
	select {
	case s.in <- r:
		r.seq = seq // want `write of r.seq races with the read on line 50: r was sent on line 55 to the goroutine that reads it; make a new one for each send`
	case <-ctx.Done():
	}
}
