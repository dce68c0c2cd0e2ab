// Package good has a feed that listens for its end at both sends.
package good

type Feed struct {
	out  chan string
	quit chan struct{}
}

func NewFeed(out chan string) *Feed { return &Feed{out: out, quit: make(chan struct{})} }

func (f *Feed) Close() { close(f.quit) }

func (f *Feed) Run(lines []string, beat func() bool) {
	for _, l := range lines {
		if beat() {
			select {
			case f.out <- "beat":
			case <-f.quit:
				return
			}
		}
		select {
		case f.out <- l:
		case <-f.quit:
			return
		}
	}
}
