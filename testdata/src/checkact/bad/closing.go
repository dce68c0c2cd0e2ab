package bad

type server struct {
	done  chan struct{}
	ready chan struct{}
}

// Two callers find it open, and the second close panics.
func (s *server) Stop() error {
	select {
	case <-s.done:
	default:
		close(s.done) // want `close of s.done panics if two goroutines find it open on line 10; use sync.Once`
	}
	return nil
}

var stopped = make(chan struct{})

func Shutdown() {
	select {
	case <-stopped:
		return
	default:
	}
	close(stopped) // want `close of stopped panics if two goroutines find it open on line 21; use sync.Once`
}

// One of the cases is another way to see that it is over.
func (s *server) Quit() {
	select {
	case <-s.done:
	case <-s.ready:
	default:
		close(s.ready) // want `close of s.ready panics if two goroutines find it open on line 31; use sync.Once`
		<-s.done
	}
}
