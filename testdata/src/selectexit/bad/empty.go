package bad

import "os"

// The loop keeps the function from returning, and a core busy.
func serveForEver(serve func()) {
	go serve()
	for { // want `for {} takes a whole core for as long as the process lives; block with select {}, or wait for what is to end it`
	}
}

// It is no better when it is not always reached.
func serveUnlessTold(serve func() error) {
	go serve()
	if os.Getenv("DETACH") != "" {
		return
	}
	for { // want `for {} takes a whole core`
		// nothing to do here
	}
}
