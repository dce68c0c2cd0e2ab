package bad

import (
	"container/list"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Runs are the scenarios that can be run.
var Runs = map[string]func(){
	"Value":      func() { c := new(counter); both(c.Inc, func() { c.Value() }) },
	"Rename":     func() { c := new(config); both(func() { c.Name() }, func() { c.Rename("x") }) },
	"Notify":     func() { c := new(config); both(func() { c.Subscribe(func(string) {}) }, func() { c.Notify() }) },
	"Registered": func() { both(func() { Register("x") }, func() { Registered() }) },
	"refill": func() {
		p := newPool()
		for range 1000 {
			p.Get()
			p.Put()
		}
		close(p.quit)
	},
	"taken": func() {
		p := &proxy{watches: map[string]*watch{"a": {}}}
		both(func() { p.Ack("a", "1") }, func() { p.Acked("a") })
	},
	"names": func() {
		p := &proxy{watches: map[string]*watch{"a": {}}}
		both(func() { p.SetNames("a", []string{"b"}) }, func() { p.Names("a") })
	},
	"holds": func() {
		p := &proxy{watches: map[string]*watch{"a": {}}}
		both(func() { p.SetNames("a", []string{"b"}) }, func() { p.Watches("a", "b") })
	},
	"jitter": func() {
		var jobs []func(int)
		for range 100 {
			jobs = append(jobs, func(int) {})
		}
		retryEach(jobs)
	},
	"mirror": func() {
		m := newMirror()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
		defer cancel()
		both(func() { m.Wait(ctx) }, func() { m.Wait(ctx) })
		m.Close()
	},
	"gauge": func() {
		g := new(gauge)
		both(func() { g.Add(1) }, func() { g.Sum() })
	},
	"reporter": func() {
		r := newReporter([]string{"a", "b", "c", "d", "e"})
		r.all([]string{"x", "y", "z"})
	},
	"stages": func() {
		s := &stages{last: http.NotFoundHandler()}
		for range 3 {
			s.Use(func(h http.Handler) http.Handler { return h })
		}
		serve := func() {
			s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/x", nil))
		}
		both(serve, serve)
	},
	"Addrs": func() {
		s := new(servers)
		for _, a := range []string{"a", "b", "c"} {
			s.Pin(a)
		}
		s.Find("d")
		both(func() { s.Addrs() }, func() { s.Addrs() })
	},
	"note": func() {
		both(func() { note("a", func(string) {}) }, func() { note("b", func(string) {}) })
	},
	"First": func() { b := new(backlog); both(func() { b.First() }, func() { b.Add("a") }) },
	"Take": func() {
		s := new(stage)
		s.End(nil)
		both(func() { s.Take(nil) }, func() { s.End(io.ErrClosedPipe) })
	},
	"runJob":   func() { runJob(func() error { return nil }) },
	"retryAll": func() { retryAll([]func() error{failing(3), failing(4), failing(5)}) },
	"fallback": func() {
		f := new(fallback)
		r := &http.Request{URL: &url.URL{Host: "example.org"}}
		both(func() { f.RoundTrip(r) }, func() { f.RoundTrip(r) })
	},
	"greeter": func() {
		g := new(greeter)
		r := &http.Request{URL: &url.URL{Path: "/"}}
		both(func() { g.ServeHTTP(nil, r) }, func() { g.ServeHTTP(nil, r) })
	},
	"lru": func() {
		c := newLRU()
		c.Put("a", 1)
		c.Put("b", 2)
		both(func() { c.Get("a") }, func() { c.Get("b") })
	},
	"output": func() {
		o := follow(strings.NewReader(strings.Repeat("text", 1000)))
		both(func() { o.Text() }, func() { o.Text() })
	},
	"watch": func() {
		for range 20 {
			new(daemon).watch(func() (int, error) { return 1, nil })
		}
	},
	"member": func() {
		m := newMember()
		both(func() { m.Vote(1) }, func() { m.Vote(2) })
		m.Stop()
	},
	"relay": func() {
		r := newRelay(io.Discard, strings.NewReader(strings.Repeat("text", 1000)))
		both(r.Pass, r.Pass)
	},
	"node": func() {
		n := newPlant()
		n.Start()
		both(n.Restore, n.Restore)
		n.Stop()
	},
	"report":   func() { report([]int{1, 2, 3, 4, 5, 6, 7, 8}, func(int) {}) },
	"markSent": func() { markSent(1, func(string) {}) },
	"start":    func() { new(job).start(failing(5)) },
	"recorder": func() {
		r := new(recorder)
		answers := make(chan string, 400)
		for range 400 {
			answers <- "yes"
		}
		close(answers)
		both(func() { r.Watch(answers) }, func() { r.Watch(answers) })
		time.Sleep(time.Millisecond)
	},
	"tape": func() {
		t := newTape([]int{1, 2})
		for range 1000 {
			t.Next()
		}
	},
	"desk": func() {
		d := newDesk()
		for range 1000 {
			d.Hand("x")
		}
	},
	"clamp": func() {
		d := &dashboard{dials: map[string]*dial{"a": {}}, seen: map[string]*readout{}}
		r := d.Readout("a")
		both(func() { d.SetLimits("a", 1, 2) }, func() { r.Clamp("a", 3) })
	},
	"speed": func() {
		m := newSpeedometer(3, func() int { return 1 })
		for start := time.Now(); time.Since(start) < 1500*time.Millisecond; time.Sleep(time.Millisecond) {
			m.sum()
		}
	},
	"touch": func() {
		p := &Plans{index: make(map[string]*list.Element)}
		p.Put("a")
		both(func() { p.Get("a") }, func() { p.Get("a") })
	},
	"score": func() {
		p := newPostman()
		both(func() { p.jobs <- "a"; p.jobs <- "b" }, func() { p.Sum() })
		p.Close()
	},
	"mean": func() {
		ch := make(chan int)
		m := NewMeter(ch)
		both(func() { ch <- 1; ch <- 2 }, func() { m.Mean() })
		close(ch)
	},
	"batch": func() {
		b := &batcher{write: func([]string) {}}
		both(func() { b.Add("a") }, b.Flush)
	},
}

// both runs the two at the same time.
func both(f, g func()) {
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(f)
		wg.Go(g)
	}
	wg.Wait()
}

func failing(n int32) func() error {
	return func() error {
		if atomic.AddInt32(&n, -1) < 0 {
			return nil
		}
		return errors.New("again")
	}
}
