package patterns

import "sync"

// A Logger writes lines in a goroutine of its own.
type Logger struct {
	lines chan string
	stop  chan struct{}
	done  chan struct{}
	once  sync.Once
}

// NewLogger starts the goroutine, which Stop ends.
func NewLogger(write func(string)) *Logger {
	l := &Logger{lines: make(chan string), stop: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(l.done)
		for {
			select {
			case line := <-l.lines:
				write(line)
			case <-l.stop:
				return
			}
		}
	}()
	return l
}

// Log hands a line over. It reports false when the logger has been stopped:
// l.lines is never closed, so that a late Log cannot panic.
func (l *Logger) Log(line string) bool {
	select {
	case l.lines <- line:
		return true
	case <-l.done:
		return false
	}
}

// Stop may be called by anybody, any number of times. It returns when the
// goroutine has ended.
func (l *Logger) Stop() {
	l.once.Do(func() { close(l.stop) })
	<-l.done
}
