package good

// A turn that calls a builtin function of no arguments is none that only waits.
type latch struct{ open bool }

func (l *latch) wait() {
	for !l.open {
		println()
	}
	for recover() != nil {
		print()
	}
}

func serveLatch() *latch {
	l := new(latch)
	go l.wait()
	return l
}
