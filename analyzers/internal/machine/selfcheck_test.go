package machine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A generator writes small programs over channels, locks and groups. Each
// operation has a line of its own, and tells the harness before and after.
type generator struct {
	*rand.Rand
	bytes.Buffer
	line int
}

func (g *generator) put(format string, args ...any) {
	fmt.Fprintf(g, format+"\n", args...)
	g.line++
}

// op puts an operation of goroutine id on a line.
func (g *generator) op(id int, text string) {
	g.put("at(%d, %d); %s; did(%d)", id, g.line, text, id)
}

func (g *generator) channel() string { return string("abc"[g.IntN(3)]) }

// body puts a few operations of a goroutine.
func (g *generator) body(id, n int) {
	for range n {
		switch g.IntN(15) {
		case 0, 1, 2:
			g.op(id, g.channel()+" <- 1")
		case 3, 4, 5:
			g.op(id, "<-"+g.channel())
		case 6:
			g.op(id, "close("+g.channel()+")")
		case 7:
			g.op(id, fmt.Sprintf("select { case %s <- 2: case <-%s: }", g.channel(), g.channel()))
		case 8:
			g.op(id, fmt.Sprintf("select { case <-%s: default: }", g.channel()))
		case 9:
			g.put("if flip(%d) { return }", id)
		case 10:
			g.op(id, "m.Lock()")
			if n > 1 {
				g.body(id, 1)
			}
			g.op(id, "m.Unlock()")
		case 11:
			g.op(id, "rw.RLock()")
			if n > 1 {
				g.body(id, 1)
			}
			g.op(id, "rw.RUnlock()")
		case 12:
			g.op(id, "rw.Lock()")
			g.op(id, "rw.Unlock()")
		case 13:
			g.op(id, "m.Lock()")
			g.op(id, "cond.Wait()")
			g.op(id, "m.Unlock()")
		case 14:
			g.op(id, [...]string{"cond.Signal()", "cond.Broadcast()"}[g.IntN(2)])
		}
	}
}

// program puts a program and returns how many goroutines it has.
func (g *generator) program(i int) int {
	g.put("func p%d() {", i)
	g.put("defer end(0)")
	g.put("a, b, c := make(chan int), make(chan int, 1), make(chan int, %d)", g.IntN(3))
	g.put("var m sync.Mutex; var rw sync.RWMutex; var wg sync.WaitGroup; cond := sync.NewCond(&m)")
	g.put("_, _, _, _, _, _ = a, b, c, &rw, &wg, cond")
	n := 1 + g.IntN(3)
	waits := g.IntN(2) == 0
	if waits {
		g.op(0, fmt.Sprintf("wg.Add(%d)", n))
	}
	for id := 1; id <= n; id++ {
		g.put("go func() {")
		g.put("defer end(%d)", id)
		g.body(id, 1+g.IntN(3))
		if waits {
			g.op(id, "wg.Done()")
		}
		g.put("}()")
	}
	g.body(0, g.IntN(3))
	if waits {
		g.op(0, "wg.Wait()")
	}
	g.put("}")
	return n + 1
}

type runOutcome struct {
	Hang  []int
	Panic int
}

type stepJSON struct {
	Goroutines []int
	Decide     bool
	Flip       bool
}

type job struct {
	Program, Runs int
	Steps         []stepJSON
}

// TestSelfCheck holds the machine against the runtime: what a run of a program
// shows, the machine must know; and a hang or panic that the machine knows must
// come about when the program is led along the witness.
func TestSelfCheck(t *testing.T) {
	count, runs := 60, 30
	if testing.Short() {
		count = 30
	}
	dir := t.TempDir()
	g := &generator{Rand: rand.New(rand.NewPCG(4, 20)), line: 1}
	g.put("package main")
	g.put(`import "sync"`)
	sizes := make([]int, count)
	for i := range count {
		sizes[i] = g.program(i)
	}
	g.put("func init() {")
	for i, n := range sizes {
		g.put("programs = append(programs, Program{p%d, %d})", i, n)
	}
	g.put("}")
	harness, err := os.ReadFile(filepath.Join("testdata", "selfcheck", "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"go.mod": []byte("module selfcheck\n\ngo 1.26\n"), "main.go": harness, "programs.go": g.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	source := strings.Split(g.String(), "\n")
	env := append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	build := exec.Command("go", "build", "-o", "selfcheck", ".")
	build.Dir, build.Env = dir, env
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	execute := func(jobs []job) []map[string]runOutcome {
		in, err := json.Marshal(jobs)
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(filepath.Join(dir, "selfcheck"))
		cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
		data, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		var out []map[string]runOutcome
		if err := json.Unmarshal(data, &out); err != nil {
			t.Fatal(err)
		}
		return out
	}

	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: dir, Env: env}, ".")
	if err != nil {
		t.Fatal(err)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{skeleton.Analyzer}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	pkg := graph.Roots[0].Result.(*skeleton.Package)
	if !pkg.Built() {
		t.Fatal("nothing to run")
	}
	ps := newPrograms(pkg)
	line := func(instr ssa.Instruction) int { return pkg.Pass.Fset.Position(instr.Pos()).Line }

	var free, led []job
	type claim struct {
		program, line int
		panics        bool
	}
	var claims []claim
	known := make([]map[claim]bool, count)
	for i := range count {
		free = append(free, job{Program: i, Runs: runs})
		fn := pkg.SSA.Func(fmt.Sprintf("p%d", i))
		s := newSystem(ps, fn, nil, nil, 60000)
		s.work = 1 << 40
		known[i] = make(map[claim]bool)
		if !s.explore() {
			t.Logf("p%d is too large", i)
			known[i] = nil
			continue
		}
		at := s.stuckAt()
		for n := range s.nodes {
			var found []claim
			for _, x := range at[n] {
				found = append(found, claim{i, line(x.pend.instr), false})
			}
			if b := s.nodes[n].st.bad; b != nil {
				found = append(found, claim{i, line(b.instr), true})
			}
			for _, c := range found {
				if !known[i][c] {
					known[i][c] = true
					claims = append(claims, c)
					led = append(led, job{Program: i, Runs: 12, Steps: s.steering(n)})
				}
			}
		}
	}
	show := func(i int) string {
		from := slices.Index(source, fmt.Sprintf("func p%d() {", i))
		to := from
		for source[to] != "}" {
			to++
		}
		var b strings.Builder
		for n := from; n <= to; n++ {
			fmt.Fprintf(&b, "%5d %s\n", n+1, source[n])
		}
		return b.String()
	}
	for i, seen := range execute(free) {
		if known[i] == nil {
			continue
		}
		for _, o := range seen {
			for _, l := range o.Hang {
				if !known[i][claim{i, l, false}] {
					t.Errorf("p%d hangs on line %d, which the machine does not know:\n%s", i, l, show(i))
				}
			}
			if o.Panic != 0 && !known[i][claim{i, o.Panic, true}] {
				t.Errorf("p%d panics on line %d, which the machine does not know:\n%s", i, o.Panic, show(i))
			}
		}
	}
	succeeds := func(c claim, seen map[string]runOutcome) bool {
		for _, o := range seen {
			if c.panics && o.Panic == c.line || !c.panics && slices.Contains(o.Hang, c.line) {
				return true
			}
		}
		return false
	}
	failed := 0
	for k, seen := range execute(led) {
		c := claims[k]
		if !succeeds(c, seen) {
			// A select picks by chance among what is ready: once in thousands of
			// claims all runs pick the other case.
			again := led[k]
			again.Runs = 300
			seen = execute([]job{again})[0]
		}
		if !succeeds(c, seen) {
			failed++
			t.Errorf("p%d, line %d: the machine says that it hangs or panics (%v), but its witness does not lead there\n%v\n%v\n%s",
				c.program, c.line, c.panics, led[k].Steps, seen, show(c.program))
		}
	}
	t.Logf("%d programs, %d claims of hangs and panics replayed, %d without success", count, len(claims), failed)
}

// steering turns the way to a node into the steps of the harness.
func (s *system) steering(n int) []stepJSON {
	index := func(gid int32) int {
		for _, instr := range s.gids[gid].fn.Blocks[0].Instrs {
			if d, ok := instr.(*ssa.Defer); ok {
				return int(d.Call.Args[0].(*ssa.Const).Int64())
			}
		}
		return -1
	}
	steps := []stepJSON{}
	waits := make(map[int32]ssa.Instruction)
	for _, e := range s.path(n) {
		var together []int
		for _, ev := range e.trace.list() {
			g := index(ev.gid)
			switch ev.what {
			case "starts", "ends":
			case "decides":
				steps = append(steps, stepJSON{Goroutines: []int{g}, Decide: true, Flip: ev.index != 0})
			default:
				if waits[ev.gid] != ev.instr {
					together = append(together, g)
				}
				waits[ev.gid] = nil
				if ev.what == "waits for" || ev.what == "waits on" || ev.what == "is woken on" {
					waits[ev.gid] = ev.instr
				}
			}
		}
		if len(together) > 0 {
			steps = append(steps, stepJSON{Goroutines: together})
		}
	}
	return steps
}
