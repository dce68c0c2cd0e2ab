package bad

import (
	"errors"
	"sync"
)

type purse struct {
	id    int64
	mu    sync.Mutex
	coins int
}

// move locks the giver first.
func move(from, to *purse, n int) error {
	if from == to {
		return nil
	}
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock()
	defer to.mu.Unlock()
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
	return errors.Join(<-errc, <-errc) // want `receive from errc blocks forever: to\.mu\.Lock on line 21 waits too, under some schedule`
}
