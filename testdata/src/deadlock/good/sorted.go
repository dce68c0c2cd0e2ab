package good

import (
	"errors"
	"sync"
)

type purse struct {
	id    int64
	mu    sync.Mutex
	coins int
}

// move locks the one with the smaller number first, in whichever order they are given.
func move(from, to *purse, n int) error {
	if from == to {
		return nil
	}
	first, second := from, to
	if second.id < first.id {
		first, second = second, first
	}
	first.mu.Lock()
	defer first.mu.Unlock()
	second.mu.Lock()
	defer second.mu.Unlock()
	if from.coins < n {
		return errors.New("not enough")
	}
	from.coins -= n
	to.coins += n
	return nil
}

func exchange(a, b *purse, x, y int) error {
	errc := make(chan error, 2)
	go func() { errc <- move(a, b, x) }()
	go func() { errc <- move(b, a, y) }()
	return errors.Join(<-errc, <-errc)
}
