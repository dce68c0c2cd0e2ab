package good

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
	for p := range jobs {
		out <- s.scale(p)
	}
}

// all closes jobs when all are in.
func (s *scaler) all(list []picture) []picture {
	jobs := make(chan picture, len(list))
	out := make(chan picture, len(list))
	for range max(1, min(s.workers, len(list))) {
		go s.work(jobs, out)
	}
	for _, p := range list {
		jobs <- p
	}
	close(jobs)
	var small []picture
	for range list {
		small = append(small, <-out)
	}
	return small
}
