package bad

import "errors"

// The deferred Put comes after the one on the error path.
func putOnError(serve func(*request) error) error {
	r := requests.Get().(*request)
	defer requests.Put(r) // want `the deferred Put puts r again after the Put on line \d+: two goroutines get it and race; put it once`
	if err := serve(r); err != nil {
		requests.Put(r)
		return errors.New("failed")
	}
	return nil
}

// Got once, put in each turn.
func putEachTurn(ids []int, serve func(*request)) {
	r := requests.Get().(*request)
	for _, id := range ids {
		r.id = id
		serve(r)
		requests.Put(r) // want `r is put again in the next turn of the loop: two goroutines get it and race; get it in the loop`
	}
}

// The helper has put it already.
func releaseTwice(serve func(*request)) {
	r := requests.Get().(*request)
	serve(r)
	release(r)
	requests.Put(r) // want `r is put again after the Put on line \d+`
}

// The goroutine works on a request that the next caller gets.
func serveLater(serve func(*request)) {
	r := requests.Get().(*request)
	go serve(r)
	requests.Put(r) // want `requests.Put of r races with the goroutine started on line \d+, which still uses it; put it there, or wait first`
}

// The receiver has it, and so has the pool.
func enqueue(queue chan<- *request) {
	r := requests.Get().(*request)
	defer requests.Put(r) // want `requests.Put of r races with whoever receives it on line \d+, which still uses it; put it there, or wait first`
	r.id = 1
	queue <- r
}

// The closure puts it again.
func closurePuts(serve func(*request) bool) {
	r := requests.Get().(*request)
	defer func() { // want `the deferred Put puts r again after the Put on line \d+`
		if r != nil {
			requests.Put(r)
		}
	}()
	if !serve(r) {
		requests.Put(r)
	}
}
