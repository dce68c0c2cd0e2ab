package patterns_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fixtures/patterns"
)

func TestPipeline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if got := patterns.FirstSquareAbove(t.Context(), 50); got != 64 {
			t.Errorf("got %d", got)
		}
	}) // fails if a stage is still there
}

func TestFanIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if got := patterns.SumSquares(t.Context(), 10, 3); got != 285 {
			t.Errorf("got %d", got)
		}
	})
}

func TestWorkers(t *testing.T) {
	got, err := patterns.Lengths(t.Context(), []string{"a", "", "ccc", "dd"}, 2)
	if err != nil || !slices.Equal(got, []int{1, 0, 3, 2}) {
		t.Errorf("got %v, %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := patterns.Lengths(ctx, []string{"a"}, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestTee(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := patterns.Tee(t.Context(), patterns.Generate(t.Context(), 5))
		sum := make(chan int)
		go func() {
			s := 0
			for x := range b {
				s += x
			}
			sum <- s
		}()
		n := 0
		for range a {
			n++
		}
		if s := <-sum; n != 5 || s != 10 {
			t.Errorf("got %d values, sum %d", n, s)
		}
	})
}

func TestDrop(t *testing.T) {
	e := patterns.NewEvents(2)
	for i := range 5 {
		e.Publish(fmt.Sprint(i))
	}
	if first := e.Next(); first != "0" || e.Dropped() != 3 {
		t.Errorf("got %s, %d dropped", first, e.Dropped())
	}
}

func TestSemaphore(t *testing.T) {
	web := map[string][]string{"/": {"/a", "/b"}, "/a": {"/", "/c"}, "/b": {"/c"}, "/c": nil}
	got := patterns.Crawl("/", 1, func(page string) []string { return web[page] })
	slices.Sort(got)
	if !slices.Equal(got, []string{"/", "/a", "/b", "/c"}) {
		t.Errorf("got %v", got)
	}
}

func TestRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var got []string
		err := patterns.Paced(t.Context(), []string{"a", "b"}, time.Second, func(s string) { got = append(got, s) })
		if err != nil || len(got) != 2 || time.Since(begin) != 2*time.Second {
			t.Errorf("got %v in %v: %v", got, time.Since(begin), err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := patterns.Paced(ctx, []string{"a"}, time.Hour, func(string) {}); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func() int { time.Sleep(time.Minute); return 1 }
		if _, err := patterns.WithTimeout(t.Context(), time.Second, slow); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if x, err := patterns.WithTimeout(t.Context(), time.Hour, slow); x != 1 || err != nil {
			t.Errorf("got %d, %v", x, err)
		}
	})
}

func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []string
		l := patterns.NewLogger(func(line string) { got = append(got, line) })
		l.Log("one")
		l.Stop()
		l.Stop()
		if l.Log("two") || !slices.Equal(got, []string{"one"}) {
			t.Errorf("got %v", got)
		}
	})
}

func TestCounter(t *testing.T) {
	var c patterns.Counter
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() { c.Add("x") })
	}
	wg.Wait()
	if c.Get("x") != 10 || len(c.All()) != 1 {
		t.Errorf("got %v", c.All())
	}
}

func TestOnce(t *testing.T) {
	c := patterns.Client{Dial: func() (string, error) { return "", errors.New("down") }}
	for range 2 {
		if _, err := c.Conn(); err == nil {
			t.Error("no error")
		}
	}
}

func TestCond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := patterns.NewQueue(2)
		go func() {
			for i := range 10 {
				q.Put(i)
			}
		}()
		for i := range 10 {
			if x := q.Get(); x != i {
				t.Errorf("got %d, want %d", x, i)
			}
		}
	})
}

func TestPool(t *testing.T) {
	a, b := patterns.Format("one", 1), patterns.Format("two")
	if string(a) != "one1" || string(b) != "two" {
		t.Errorf("got %s, %s", a, b)
	}
}
