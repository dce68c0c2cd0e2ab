// Package bad has a feed that listens for its end at one of two sends.
package bad

type Feed struct {
	out  chan string
	quit chan struct{}
}

func NewFeed(out chan string) *Feed { return &Feed{out: out, quit: make(chan struct{})} }

func (f *Feed) Close() { close(f.quit) }

func (f *Feed) Run(lines []string, beat func() bool) {
	for _, l := range lines {
		if beat() {
			f.out <- "beat" // want `send on f.out blocks forever once <-f.quit has ended who receives, which line 20 reckons with; select on that here too`
		}
		select {
		case f.out <- l:
		case <-f.quit:
			return
		}
	}
}
