// Command selfcheck runs generated programs: many times as the runtime likes, or
// once along a schedule. Package machine's test adds the programs, as a file
// that sets the variable programs.
package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/metrics"
	"sync"
	"time"
)

// What the programs call. They are variables so that the machine takes them for
// code that it does not see.
var (
	at   func(g, line int) // before an operation
	did  func(g int)       // after it
	flip func(g int) bool
	end  func(g int) // deferred by every goroutine
)

// A Program is a function and how many goroutines it has, itself counted.
type Program struct {
	Run        func()
	Goroutines int
}

var programs []Program

// An Outcome is what became of a run: where goroutines hang or which one
// panicked. A run without either is empty.
type Outcome struct {
	Hang  []int // lines, sorted by goroutine
	Panic int
}

// A Step lets a goroutine do one operation, or two do theirs together.
type Step struct {
	Goroutines []int
	Decide     bool // the next flip of the goroutine
	Flip       bool
}

type run struct {
	goroutines int

	mu       sync.Mutex
	line     map[int]int // where each goroutine is
	began    map[int]bool
	ended    map[int]bool
	panicked int
	moves    int
	// Of a replay:
	gates map[int]chan bool
	flips map[int][]bool
}

func newRun(p Program) *run {
	return &run{goroutines: p.Goroutines, line: make(map[int]int), began: make(map[int]bool), ended: make(map[int]bool), flips: make(map[int][]bool)}
}

func (r *run) install(gate func(g int)) {
	at = func(g, line int) {
		r.mu.Lock()
		r.line[g], r.began[g] = line, true
		r.moves++
		r.mu.Unlock()
		gate(g)
	}
	did = func(g int) {
		r.mu.Lock()
		r.line[g] = 0
		r.moves++
		r.mu.Unlock()
	}
	end = func(g int) {
		if p := recover(); p != nil {
			r.mu.Lock()
			if r.panicked == 0 {
				r.panicked = r.line[g]
			}
			r.mu.Unlock()
		}
		r.mu.Lock()
		r.ended[g], r.line[g] = true, 0
		r.moves++
		r.mu.Unlock()
	}
	flip = func(g int) bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		if f := r.flips[g]; len(f) > 0 {
			r.flips[g] = f[1:]
			return f[0]
		}
		return rand.N(2) == 0
	}
}

// settle waits until nothing has moved for a while, or all is done.
func (r *run) settle() {
	last, still := -1, 0
	for still < 12 {
		r.mu.Lock()
		moves, done := r.moves, len(r.ended) == r.goroutines || r.panicked != 0
		r.mu.Unlock()
		if moves == last {
			still++
		} else {
			still, last = 0, moves
		}
		if done && still > 1 {
			return
		}
		runtime.Gosched()
		switch {
		case still == 10 && !quiet():
			still = 0
		case still == 11:
			time.Sleep(3 * time.Millisecond)
		}
	}
}

// quiet reports whether every other goroutine is blocked.
func quiet() bool {
	sample := []metrics.Sample{
		{Name: "/sched/goroutines/runnable:goroutines"},
		{Name: "/sched/goroutines/running:goroutines"},
	}
	metrics.Read(sample)
	return sample[0].Value.Uint64() == 0 && sample[1].Value.Uint64() <= 1
}

func (r *run) outcome() Outcome {
	r.mu.Lock()
	defer r.mu.Unlock()
	var o Outcome
	if r.panicked != 0 {
		o.Panic = r.panicked
		return o
	}
	for g := range r.goroutines {
		if r.began[g] && !r.ended[g] && r.line[g] != 0 {
			o.Hang = append(o.Hang, r.line[g])
		}
	}
	return o
}

func free(p Program) Outcome {
	r := newRun(p)
	r.install(func(int) {
		for range rand.N(4) {
			runtime.Gosched()
		}
	})
	go p.Run()
	r.settle()
	return r.outcome()
}

// replay runs a program along a schedule and tells where it ends.
func replay(p Program, steps []Step) Outcome {
	r := newRun(p)
	r.gates = make(map[int]chan bool)
	for g := range r.goroutines {
		r.gates[g] = make(chan bool, 100)
	}
	for _, s := range steps {
		if s.Decide {
			r.flips[s.Goroutines[0]] = append(r.flips[s.Goroutines[0]], s.Flip)
		}
	}
	r.install(func(g int) { <-r.gates[g] })
	go p.Run()
	for _, s := range steps {
		if s.Decide {
			continue
		}
		for _, g := range s.Goroutines {
			r.gates[g] <- true
		}
		r.wait()
	}
	for g := range r.goroutines {
		for range 50 {
			r.gates[g] <- true // what is left hangs, or was not part of it
		}
	}
	r.settle()
	return r.outcome()
}

// wait lets the goroutines do their operation, or get stuck at it.
func (r *run) wait() {
	last, still := -1, 0
	for still < 12 {
		r.mu.Lock()
		moves := r.moves
		r.mu.Unlock()
		if moves == last {
			still++
		} else {
			still, last = 0, moves
		}
		runtime.Gosched()
		if still == 10 && !quiet() {
			still = 0
		}
	}
}

func main() {
	var in []struct {
		Program int
		Runs    int
		Steps   []Step
	}
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	out := make([]map[string]Outcome, len(in))
	for i, job := range in {
		out[i] = make(map[string]Outcome)
		hangs := 0
		for range job.Runs {
			var o Outcome
			if job.Steps != nil {
				o = replay(programs[job.Program], job.Steps)
			} else {
				o = free(programs[job.Program])
			}
			out[i][fmt.Sprint(o)] = o
			if len(o.Hang) > 0 {
				if hangs++; hangs > 5 {
					break // each takes its time
				}
			}
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}
