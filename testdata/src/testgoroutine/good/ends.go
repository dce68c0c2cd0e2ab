package good

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fixtures/testgoroutine/require"

	"golang.org/x/sync/errgroup"
)

func work() error { return errors.New("failed") }

func requireInGoroutine(t *testing.T) {
	done := make(chan bool)
	go func() {
		require.Check(t, work())
		done <- true
	}()
	<-done
}

func assertionsInGoroutine(t *testing.T) {
	r := require.New(t)
	var wg sync.WaitGroup
	wg.Add(1)
	var err error
	go func() {
		defer wg.Done()
		err = work()
	}()
	wg.Wait()
	r.NoError(err)
}

func deepHelper(t *testing.T) {
	go func() {
		if err := work(); err != nil {
			t.Error(err)
		}
	}()
	check(t, work())
}

func check(t testing.TB, err error) { mustBeNil(t, err) }

func mustBeNil(t testing.TB, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

func goHelper(t *testing.T) {
	check(t, work())
}

func fatalInGroup(t *testing.T) {
	var g errgroup.Group
	g.Go(func() error {
		return work()
	})
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
}

func fatalLater(t *testing.T) {
	timer := time.AfterFunc(time.Second, func() { t.Error("too slow") })
	defer timer.Stop()
	_ = work()
}

func fatalOfTB(tb testing.TB) {
	go func() {
		if err := work(); err != nil {
			tb.Error(err)
		}
	}()
}

func logForever(t *testing.T) {
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-time.After(time.Second):
			case <-stop:
				return
			}
			t.Log("still there")
		}
	})
	_ = work()
	close(stop)
	wg.Wait()
}

// subtestInGoroutine has a test of its own in the goroutine.
func subtestInGoroutine(t *testing.T) {
	done := make(chan bool)
	go func() {
		t.Run("sub", func(t *testing.T) { require.NoError(t, work()) })
		done <- true
	}()
	<-done
}

// bubbles has tests of their own in goroutines.
func bubbles(t *testing.T) {
	var wg sync.WaitGroup
	wg.Go(func() {
		synctest.Test(t, func(t *testing.T) { require.NoError(t, work()) })
	})
	wg.Wait()
}

// later is called by the test, if at all.
func later(t *testing.T) {
	var fail func()
	go func() {
		fail = func() { t.Fatal("not in the goroutine") }
	}()
	_ = fail
}

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

func (h *harness) byMethod() {
	errs := make(chan error)
	go func() {
		errs <- work()
	}()
	h.must(<-errs)
}

func byField(h *harness) {
	go func() {
		if err := work(); err != nil {
			h.t.Error(err)
		}
	}()
}

func (h *harness) bySuite() {
	go func() {
		require.Check(h.T(), work())
	}()
}

// ownHarness is made for a test of the goroutine's own.
func ownHarness(t *testing.T) {
	go func() {
		t.Run("sub", func(t *testing.T) {
			h := &harness{t}
			h.must(work())
		})
	}()
}
