package good

import "os"

func serveForEver(serve func()) {
	go serve()
	select {}
}

func serveUnlessTold(serve func() error) {
	go serve()
	if os.Getenv("DETACH") != "" {
		return
	}
	select {}
}

// It is not reached, and no goroutine is started.
func die(exit func(int)) {
	exit(2)
	for {
	}
}

func dieLater(serve func()) {
	go serve()
	os.Exit(2)
	for {
	}
}

// The condition does the work.
func countDown(n int) {
	go die(nil)
	for ; n > 0; n-- {
	}
}
