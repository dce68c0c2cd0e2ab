package good

import "errors"

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
