package bad

import (
	"errors"
	"sync"
)

var db *int

func open() { db = new(int) }

// Each call has a Once of its own, and opens again.
func instance() *int {
	var once sync.Once
	once.Do(open) // want `once.Do guards nothing: each call of the function has a Once of its own; make it a field or a package variable`
	return db
}

// The function is made, called, and forgotten.
func answer(compute func() int) int {
	return sync.OnceValue(compute)() // want `the function of sync.OnceValue is called once where it is made, so nothing is remembered; make it a field or a package variable`
}

func prepare(f func()) {
	once := sync.OnceFunc(f) // want `the function of sync.OnceFunc is called once where it is made`
	once()
}

var connectOnce sync.Once

// Do has connectOnce locked when it gets a new value.
func connect(dial func() error) (err error) {
	connectOnce.Do(func() { // want `connectOnce.Do panics when its function resets connectOnce on line \d+: it unlocks the new Once; use a mutex and a flag`
		if err = dial(); err != nil {
			connectOnce = sync.Once{}
		}
	})
	return err
}

var errDial = errors.New("dial")
