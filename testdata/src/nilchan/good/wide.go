package good

// A struct with many fields, which is copied as a whole when it is made.
type wide struct {
	f00, f01, f02, f03, f04, f05, f06, f07, f08, f09 int
	f10, f11, f12, f13, f14, f15, f16, f17, f18, f19 int
	f20, f21, f22, f23, f24, f25, f26, f27, f28, f29 int
	f30, f31, f32, f33, f34, f35, f36, f37, f38, f39 int
	finished                                         chan bool
}

type holder struct {
	wide
	run func()
}

func (h *holder) once() {
	go func() {
		defer func() { h.finished <- true }()
		h.run()
	}()
	<-h.finished
}

func runOnce(f func()) {
	h := &holder{wide: wide{finished: make(chan bool), f00: 1}, run: f}
	h.once()
}
