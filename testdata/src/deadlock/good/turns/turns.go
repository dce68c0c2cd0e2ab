package turns

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"time"
)

// rows sends what it can read, and what it cannot as an error.
func rows(r io.Reader) (<-chan []string, <-chan error) {
	out, errs := make(chan []string), make(chan error)
	go func() {
		defer close(errs)
		defer close(out)
		for sc := bufio.NewScanner(r); sc.Scan(); {
			cols := strings.Split(sc.Text(), ",")
			if len(cols) != 3 {
				errs <- errors.New("columns")
				continue
			}
			out <- cols
		}
	}()
	return out, errs
}

// Merge reads the errors beside the rows.
func Merge(r io.Reader, merge func([]string)) (failed int) {
	out, errs := rows(r)
	counted := make(chan struct{})
	go func() {
		defer close(counted)
		for range errs {
			failed++
		}
	}()
	for cols := range out {
		merge(cols)
	}
	<-counted
	return failed
}

type tile struct{ x, y int }

func level(z int) []tile {
	tiles := []tile{{}}
	for range z {
		var next []tile
		for _, t := range tiles {
			next = append(next, t, tile{t.x + 1, t.y})
		}
		tiles = next
	}
	return tiles
}

func paint(z int, out chan<- tile, quit <-chan struct{}) {
	for _, t := range level(z) {
		select {
		case out <- t:
		case <-quit:
			return
		}
	}
}

// Paint receives as many tiles as all levels together have: it has added that up.
func Paint(depth int, draw func(tile)) {
	out, quit := make(chan tile), make(chan struct{})
	defer close(quit)
	total := 0
	for z := 0; z <= depth; z++ {
		go paint(z, out, quit)
		total += 1 << z
	}
	for range total {
		draw(<-out)
	}
}

// A batcher gathers items until there are enough or they are old. A channel that is nil
// switches its case off; whether there are items left is asked in two ways.
type batcher struct {
	in     chan int
	closed chan struct{}
	size   int
	age    time.Duration
	flush  func([]int)
}

func (b *batcher) loop() {
	var (
		cur, full []int
		timer     *time.Timer
		fire      <-chan time.Time
		ready     chan []int
	)
	out, ack := make(chan []int), make(chan struct{})
	go b.write(out, ack)
	in, closing := b.in, b.closed
	seal := func() {
		full, cur = cur, nil
		ready, in = out, nil
		if timer != nil {
			timer.Stop()
		}
		timer, fire = nil, nil
	}
	for {
		select {
		case n := <-in:
			cur = append(cur, n)
			if len(cur) == 1 {
				timer = time.NewTimer(b.age)
				fire = timer.C
			}
			if len(cur) >= b.size {
				seal()
			}
		case <-fire:
			seal()
		case ready <- full:
			full, ready, in = nil, nil, b.in
			if closing == nil {
				in = nil
			}
		case <-closing:
			closing, in = nil, nil
			if full == nil && len(cur) > 0 {
				seal()
			}
		}
		if closing == nil && full == nil && len(cur) == 0 {
			close(out)
			<-ack
			return
		}
	}
}

func (b *batcher) write(out <-chan []int, ack chan<- struct{}) {
	defer close(ack)
	for items := range out {
		b.flush(items)
	}
}
