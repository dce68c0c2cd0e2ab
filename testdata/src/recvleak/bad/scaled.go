package bad

type picture struct {
	name string
	w, h int
}

type scaler struct {
	workers int
	side    int
}

func (s *scaler) scale(p picture) picture {
	for p.w > s.side || p.h > s.side {
		p.w /= 2
		p.h /= 2
	}
	return p
}

func (s *scaler) work(jobs <-chan picture, out chan<- picture) {
	for p := range jobs { // want `range over jobs never ends if all returns on line 41; close jobs on every path`
		out <- s.scale(p)
	}
}

// all never closes jobs, so its workers stay.
func (s *scaler) all(list []picture) []picture {
	jobs := make(chan picture, len(list))
	out := make(chan picture, len(list))
	for range max(1, min(s.workers, len(list))) {
		go s.work(jobs, out)
	}
	for _, p := range list {
		jobs <- p
	}
	var small []picture
	for range list {
		small = append(small, <-out)
	}
	return small
}
