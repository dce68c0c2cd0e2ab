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
