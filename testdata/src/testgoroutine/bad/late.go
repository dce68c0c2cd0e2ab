package bad

import (
	"io"
	"testing"
	"time"
)

// The reader is closed when the test ends, and the goroutine logs some time after that.
func logWhenDone(t *testing.T, copyTo func(io.Writer) error) {
	r, w := io.Pipe()
	go func() {
		err := copyTo(w)
		t.Log("copied:", err) // want `t.Log panics when the test has ended: it is the last thing that the goroutine does, so nothing waits for it; signal after it and wait`
	}()
	if _, err := r.Read(make([]byte, 8)); err != nil {
		t.Error(err)
	}
	r.Close()
}

// The signal comes before the log.
func logAfterSignal(t *testing.T, work func()) {
	done := make(chan bool)
	go func() {
		work()
		close(done)
		t.Logf("worked at %v", time.Now()) // want `t.Logf panics when the test has ended`
	}()
	<-done
}

// A watchdog that nobody calls off fails another test, if any.
func watchdog(t *testing.T, work func()) {
	go func() {
		time.Sleep(time.Minute)
		t.Error("it takes too long") // want `t.Error panics when the test has ended`
	}()
	work()
}

func home(t *testing.T, dir string) string {
	t.Helper()
	if dir == "" {
		dir = t.TempDir()
	}
	t.Setenv("HOME", dir)
	return dir
}

func inHome(t *testing.T) { inDir(t, home(t, "")) }

func inDir(t *testing.T, dir string) { t.Chdir(dir) }

// A helper sets the variable.
func parallelHome(t *testing.T) {
	t.Parallel()
	dir := home(t, "/nowhere") // want `home panics after t.Parallel on line \d+: a parallel test must not change what all tests share`
	t.Log(dir)
}

// A helper of a helper changes the directory.
func parallelDir(t *testing.T) {
	inHome(t)
	t.Parallel() // want `t.Parallel panics after inHome on line \d+`
}
