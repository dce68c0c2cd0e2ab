// Package switched sets its copy of a channel to nil when it is done with it, and the field keeps the channel.
package switched

type listener struct{ in, next chan int }

func newListener() *listener {
	return &listener{in: make(chan int), next: make(chan int, 1)}
}

func (l *listener) pump() {
	in, out := l.in, l.next
	for in != nil || out != nil {
		select {
		case out <- 1:
			out = nil
		case _, ok := <-in:
			if !ok {
				in = nil
			}
		}
	}
}

func run(ls []*listener) {
	for _, l := range ls {
		go l.pump()
	}
	for _, l := range ls {
		l.in <- 1
	}
	for _, l := range ls {
		close(l.in)
	}
}

// Main runs one.
func Main() { run([]*listener{newListener()}) }
