package bad

import (
	"errors"
	"sync"
	"testing"
	"time"

	"fixtures/testgoroutine/require"

	"golang.org/x/sync/errgroup"
)

func work() error { return errors.New("failed") }

// requireInGoroutine ends the goroutine before it sends: the test waits for
// ever.
func requireInGoroutine(t *testing.T) {
	done := make(chan bool)
	go func() {
		require.NoError(t, work()) // want `require.NoError ends only this goroutine when it fails the test, which goes on, or waits for it forever; check with Error and return`
		done <- true
	}()
	<-done
}

// assertionsInGoroutine does the same with an object.
func assertionsInGoroutine(t *testing.T) {
	r := require.New(t)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		r.NoError(work()) // want `r.NoError ends only this goroutine when it fails the test`
	}()
	wg.Wait()
}

// deepHelper calls Fatal two calls down.
func deepHelper(t *testing.T) {
	go func() {
		check(t, work()) // want `check ends only this goroutine when it fails the test`
	}()
}

func check(t testing.TB, err error) { mustBeNil(t, err) }

func mustBeNil(t testing.TB, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

// goHelper starts the helper itself.
func goHelper(t *testing.T) {
	go check(t, work()) // want `check ends only this goroutine when it fails the test`
}

// fatalInGroup is in a goroutine of an errgroup.
func fatalInGroup(t *testing.T) {
	var g errgroup.Group
	g.Go(func() error {
		if err := work(); err != nil {
			t.Fatal(err) // want `t.Fatal ends only this goroutine: the test goes on, or waits for it forever; use Error and return`
		}
		return nil
	})
	_ = g.Wait()
}

// fatalLater is in the goroutine of a timer.
func fatalLater(t *testing.T) {
	timer := time.AfterFunc(time.Second, func() { t.Fatal("too slow") }) // want `t.Fatal ends only this goroutine`
	defer timer.Stop()
	_ = work()
}

// A suite keeps its test in a field; the helper gets a testing.TB.
func fatalOfTB(tb testing.TB) {
	go func() {
		if err := work(); err != nil {
			tb.Fatal(err) // want `tb.Fatal ends only this goroutine`
		}
	}()
}

// logForever goes on when the test has ended, and then panics.
func logForever(t *testing.T) {
	go func() {
		for {
			time.Sleep(time.Second)
			t.Log("still there") // want `t.Log panics once the test has ended: nothing ends the loop that this goroutine is in; stop it, and wait for it`
		}
	}()
	_ = work()
}

// A harness has the test in a field.
type harness struct{ t *testing.T }

func (h *harness) must(err error) {
	if err != nil {
		h.t.Fatal(err)
	}
}

// T returns the test, as a suite does.
func (h *harness) T() *testing.T { return h.t }

// Require returns the assertions, as a suite does.
func (h *harness) Require() *require.Assertions { return require.New(h.t) }

// byMethod ends the test by a method of the harness.
func (h *harness) byMethod() {
	go func() {
		h.must(work()) // want `h.must ends only this goroutine when it fails the test`
	}()
	h.must(work())
}

// byField calls Fatal of a field.
func byField(h *harness) {
	go func() {
		if err := work(); err != nil {
			h.t.Fatal(err) // want `h.t.Fatal ends only this goroutine: the test goes on`
		}
	}()
}

// bySuite asks the suite for its assertions.
func (h *harness) bySuite() {
	go func() {
		h.Require().NoError(work()) // want `h.Require\(\).NoError ends only this goroutine when it fails the test`
	}()
}
