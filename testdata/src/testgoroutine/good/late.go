package good

import (
	"io"
	"sync"
	"testing"
	"time"
)

func logWhenDone(t *testing.T, copyTo func(io.Writer) error) {
	r, w := io.Pipe()
	done := make(chan bool)
	go func() {
		defer close(done)
		err := copyTo(w)
		t.Log("copied:", err)
	}()
	if _, err := r.Read(make([]byte, 8)); err != nil {
		t.Error(err)
	}
	r.Close()
	<-done
}

func logAfterSignal(t *testing.T, work func()) {
	done := make(chan bool)
	go func() {
		work()
		t.Logf("worked at %v", time.Now())
		close(done)
	}()
	<-done
}

func watchdog(t *testing.T, work func()) {
	done := make(chan bool)
	go func() {
		select {
		case <-time.After(time.Minute):
			t.Error("it takes too long")
		case <-done:
		}
	}()
	work()
	close(done)
}

// The group counts it until it returns.
func logInGroup(t *testing.T, work func()) {
	var wg sync.WaitGroup
	wg.Go(func() {
		work()
		t.Log("worked")
	})
	wg.Wait()
}

// The log tells the test, by a channel or by what it calls.
func logTold(t *testing.T, last <-chan int, tell func() string) {
	go func() {
		t.Log("last:", <-last)
	}()
	last2 := make(chan int)
	go func() {
		t.Log("told:", tell())
		last2 <- 1
	}()
	<-last2
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

func parallelHome(t *testing.T) {
	dir := home(t, "/nowhere")
	t.Log(dir)
}

func parallelDir(t *testing.T) {
	t.Parallel()
}

// The helper may leave the environment alone.
func setIf(t *testing.T, dir string) {
	if dir == "" {
		return
	}
	t.Setenv("HOME", dir)
}

func parallelWithout(t *testing.T) {
	t.Parallel()
	setIf(t, "")
}

// What is set is no environment.
type fakeEnv map[string]string

func (e fakeEnv) Setenv(key, value string) { e[key] = value }

func setFake(t *testing.T, e fakeEnv) { e.Setenv("HOME", t.TempDir()) }

func parallelFake(t *testing.T) {
	t.Parallel()
	setFake(t, fakeEnv{})
}

// Another test is parallel: its parent has set the variable before.
func parallelChild(t *testing.T, work func()) {
	inHome(t)
	t.Run("one", func(t *testing.T) { work() })
}
