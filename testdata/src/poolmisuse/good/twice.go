package good

import (
	"errors"
	"sync"
	"sync/atomic"
)

func putOnError(serve func(*request) error) error {
	r := requests.Get().(*request)
	defer requests.Put(r)
	if err := serve(r); err != nil {
		return errors.New("failed")
	}
	return nil
}

func putEachTurn(ids []int, serve func(*request)) {
	for _, id := range ids {
		r := requests.Get().(*request)
		r.id = id
		serve(r)
		requests.Put(r)
	}
}

func releaseTwice(serve func(*request)) {
	r := requests.Get().(*request)
	serve(r)
	release(r)
}

func serveLater(serve func(*request)) {
	r := requests.Get().(*request)
	go func() {
		serve(r)
		requests.Put(r)
	}()
}

func enqueue(queue chan<- *request) {
	r := requests.Get().(*request)
	r.id = 1
	queue <- r
}

// The reply says that the other side is done with it.
func call(queue chan<- *request) {
	r := requests.Get().(*request)
	queue <- r
	<-r.done
	requests.Put(r)
}

// One of two ways.
func either(serve func(*request) bool) {
	r := requests.Get().(*request)
	if serve(r) {
		release(r)
	} else {
		requests.Put(r)
	}
}

// The closure puts what the variable holds by then.
func closurePuts(serve func(*request) bool) {
	r := requests.Get().(*request)
	defer func() {
		if r != nil {
			requests.Put(r)
		}
	}()
	if !serve(r) {
		requests.Put(r)
		r = new(request)
	}
	serve(r)
}

// What is returned is taken from the closure.
func closureKeeps(serve func(*request) bool) *request {
	r := requests.Get().(*request)
	defer func() {
		if r != nil {
			requests.Put(r)
		}
	}()
	if serve(r) {
		out := r
		r = nil
		return out
	}
	return nil
}

// Only the last of the owners puts it.
type counted struct {
	refs atomic.Int32
	n    int
}

var counteds = sync.Pool{New: func() any { return new(counted) }}

func (c *counted) release() {
	if c.refs.Add(-1) == 0 {
		counteds.Put(c)
	}
}

func (c *counted) drop() {
	c.n--
	if c.n == 0 {
		counteds.Put(c)
	}
}

func share(use func(*counted)) {
	c := counteds.Get().(*counted)
	c.refs.Store(2)
	use(c)
	c.release()
	use(c)
	c.release()
}

func shareLocked(use func(*counted)) {
	c := counteds.Get().(*counted)
	c.n = 2
	c.drop()
	use(c)
	c.drop()
}
