package skeleton

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

var std = sync.OnceValue(func() types.Importer {
	return &locked{imp: importer.ForCompiler(token.NewFileSet(), "source", nil)}
})

// locked makes an importer safe for tests that run at the same time.
type locked struct {
	mu  sync.Mutex
	imp types.Importer
}

func (l *locked) Import(path string) (*types.Package, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.imp.Import(path)
}

// load makes the Package of a source text. facts holds those of imports.
func load(t testing.TB, src string) *Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection), Scopes: make(map[ast.Node]*types.Scope),
		Instances: make(map[*ast.Ident]types.Instance), FileVersions: make(map[*ast.File]string),
	}
	conf := types.Config{Importer: std(), GoVersion: "go1.26"}
	pkg, err := conf.Check("example.com/p", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	pass := &analysis.Pass{
		Analyzer: Analyzer, Fset: fset, Files: []*ast.File{file}, Pkg: pkg, TypesInfo: info, TypesSizes: types.SizesFor("gc", "amd64"),
		ResultOf: map[*analysis.Analyzer]any{
			inspect.Analyzer: inspector.New([]*ast.File{file}),
			ends:             func(fn *types.Func) bool { return ops.Of(fn).Kind == ops.Exit },
		},
		ImportPackageFact: func(*types.Package, analysis.Fact) bool { return false },
		ExportPackageFact: func(analysis.Fact) {},
	}
	p := &Package{Pass: pass}
	p.Built()
	return p
}

// exits words the summary of a function.
func exits(p *Package, name string) string {
	for _, fl := range p.Locks().Funcs {
		if fl.Fn.Name() != name {
			continue
		}
		if fl.Summary.Unknown {
			return "unknown"
		}
		var all []string
		for _, e := range fl.Summary.Exits {
			var words []string
			for _, f := range e.Effects {
				sign := "+"
				if f.Release {
					sign = "-"
				}
				if f.Mode == Shared {
					sign += "r "
				}
				word := sign + f.Ref.String()
				if f.Result > 0 {
					word += fmt.Sprintf(" by %d", f.Result-1)
				}
				words = append(words, word)
			}
			for i, g := range e.Results {
				if g.Value != "" {
					not := ""
					if g.Not {
						not = "!"
					}
					words = append(words, fmt.Sprintf("%d=%s%s", i, not, g.Value))
				}
			}
			for _, g := range e.When {
				if g.Param > 0 {
					words = append(words, fmt.Sprintf("if p%d=%s", g.Param-1, g.Value))
				} else {
					words = append(words, fmt.Sprintf("if %v=%s", g.Ref, g.Value))
				}
			}
			if len(words) == 0 {
				words = []string{"none"}
			}
			all = append(all, strings.Join(words, " "))
		}
		slices.Sort(all)
		return strings.Join(slices.Compact(all), " | ")
	}
	return "no locks"
}

const flowSource = `package p

import (
	"errors"
	"fmt"
	"os"
	"sync"
)

var errClosed = errors.New("closed")

type C struct {
	mu   sync.RWMutex
	in   inner
	held bool
	n    int
	list []*C
}

type inner struct{ sync.Mutex }

func (c *C) lock()          { c.mu.Lock() }
func (c *C) unlock()        { c.mu.Unlock() }
func (c *C) both()          { c.lock(); c.unlock() }
func (c *C) rlock()         { c.mu.RLocker().Lock() }
func (c *C) embedded()      { c.in.Lock() }
func (c *C) deferred() int  { c.mu.Lock(); defer c.mu.Unlock(); return c.n }
func (c *C) literal()       { c.mu.Lock(); defer func() { c.mu.Unlock() }() }
func (c *C) again()         { c.mu.Unlock(); defer c.mu.Lock() }
func (c *C) value()         { f := c.mu.Lock; f() }
func (c *C) arg(mu *sync.Mutex) { mu.Lock() }
func (c *C) passes()        { c.arg(&c.in.Mutex) }
func (c *C) exit()          { c.mu.Lock(); fmt.Println(); os.Exit(1) }

func (c *C) try() bool {
	return c.mu.TryLock()
}

func (c *C) tryTwice() bool {
	if ok := c.mu.TryLock(); !ok {
		return false
	}
	return true
}

func (c *C) open() error {
	c.mu.Lock()
	if c.n > 0 {
		c.mu.Unlock()
		return errClosed
	}
	return nil
}

func (c *C) opens() error {
	if err := c.open(); err != nil {
		return err
	}
	c.mu.Unlock()
	return nil
}

func (c *C) flag(need bool) {
	if need {
		c.mu.Lock()
	}
}

func (c *C) flagTrue()  { c.flag(true) }
func (c *C) flagFalse() { c.flag(false) }

func (c *C) pairs(need bool) {
	c.flag(need)
	if need {
		c.mu.Unlock()
	}
}

func (c *C) field() {
	if c.held {
		c.mu.Unlock()
		c.held = false
	}
}

func (c *C) setsField() {
	c.mu.Lock()
	c.held = true
	c.field()
}

func (c *C) elements(i int) {
	c.list[i].mu.Lock()
	c.list[i].mu.Unlock()
}

func (c *C) sameLen() {
	if len(c.list) > 0 {
		c.mu.Lock()
	}
	c.n++
	if len(c.list) > 0 {
		c.mu.Unlock()
	}
}

func (c *C) goroutine() {
	c.mu.Lock()
	go func() { c.mu.Unlock() }()
}

func (c *C) returns() func() {
	c.mu.Lock()
	return c.mu.Unlock
}

func (c *C) returnsUp() (int, func()) {
	unlock := c.returns()
	return 1, unlock
}

func (c *C) returnsLiteral(ok bool) func() {
	c.mu.Lock()
	if !ok {
		c.mu.Unlock()
		return nil
	}
	return func() { c.mu.Unlock() }
}

func (c *C) returnsOnce() (unlock func()) {
	c.mu.RLock()
	return sync.OnceFunc(c.mu.RUnlock)
}

func (c *C) returnsMode(write bool) func() {
	var unlock func()
	if write {
		c.mu.Lock()
		unlock = c.mu.Unlock
	} else {
		c.mu.RLock()
		unlock = c.mu.RUnlock
	}
	return unlock
}

func (c *C) returnsMore() func() {
	unlock := c.returns()
	return func() {
		c.n++
		unlock()
	}
}

func (c *C) yields() func() {
	c.mu.Lock()
	return func() {
		c.mu.Unlock()
		c.mu.Lock()
	}
}

func (c *C) turns() { c.returns()() }

func (c *C) turnsLater() {
	_, unlock := c.returnsUp()
	c.n++
	unlock()
}

func (c *C) turnsDeferred() {
	unlock := c.returns()
	defer func() { unlock() }()
}

func (c *C) turnsNot() { _ = c.returns() }

func (c *C) turnsElsewhere(run func(func())) { run(c.returns()) }

func (c *C) switches(k int) {
	switch k {
	case 1:
		c.mu.Lock()
	case 2:
		c.mu.RLock()
	}
	switch k {
	case 1:
		c.mu.Unlock()
	case 2:
		c.mu.RUnlock()
	}
}

func (c *C) recursive(k int) {
	if k > 0 {
		c.recursive(k - 1)
	}
	c.mu.Lock()
	c.mu.Unlock()
}

func (c *C) loop() {
	locked := false
	for i := 0; i < 3; i++ {
		if !locked {
			c.mu.Lock()
			locked = true
		}
	}
	if locked {
		c.mu.Unlock()
	}
}

func walk(c *C) {
	for c != nil {
		c.mu.Lock()
		c = c.list[0]
	}
}
`

func TestFlow(t *testing.T) {
	p := load(t, flowSource)
	for _, test := range []struct{ name, want string }{
		{"lock", "+c.mu"},
		{"unlock", "-c.mu"},
		{"both", "none"},
		{"rlock", "+r c.mu"},
		{"embedded", "+c.in"},
		{"deferred", "none"},
		{"literal", "none"},
		{"again", "none"},
		{"value", "+c.mu"},
		{"arg", "+mu"},
		{"passes", "+c.in"},
		{"exit", ""},
		{"try", "+c.mu 0=true | 0=false"},
		{"tryTwice", "+c.mu 0=true | 0=false"},
		{"open", "+c.mu 0=nil | 0=!nil"},
		{"opens", "none"},
		{"flag", "+c.mu if p1=true | if p1=false"},
		{"flagTrue", "+c.mu"},
		{"flagFalse", "none"},
		{"pairs", "none"},
		{"field", "-c.mu if c.held=true | if c.held=false"},
		{"setsField", "none"},
		{"elements", "none"},
		{"sameLen", "none"},
		{"goroutine", "none"},
		{"returns", "+c.mu by 0 0=!nil"},
		{"returnsUp", "+c.mu by 1 1=!nil"},
		{"returnsLiteral", "+c.mu by 0 0=!nil if p1=true | 0=nil if p1=false"},
		{"returnsOnce", "+r c.mu by 0 0=!nil"},
		{"returnsMode", "+c.mu by 0 0=!nil if p1=true | +r c.mu by 0 0=!nil if p1=false"},
		{"returnsMore", "+c.mu by 0 0=!nil"},
		{"yields", "none"},
		{"turns", "none"},
		{"turnsLater", "none"},
		{"turnsDeferred", "none"},
		{"turnsNot", "+c.mu"},
		{"turnsElsewhere", "none"},
		{"switches", "none"},
		{"recursive", "none"},
		{"loop", "none"},
		{"walk", "none"},
	} {
		if got := exits(p, test.name); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// exportedSource is flowSource with some of its functions exported.
func exportedSource() string {
	return strings.NewReplacer("open()", "Open()", "flag(", "Flag(", "arg(", "Arg(", "returns()", "Returns()", ") try()", ") Try()", ") again()", ") Again()").Replace(flowSource)
}

// TestFactRoundTrip holds that decoding and encoding gives the same bytes, and
// that bytes that end too early are an error.
func TestFactRoundTrip(t *testing.T) {
	src := exportedSource()
	data := load(t, src).factData()
	if len(data) == 0 {
		t.Fatal("no fact")
	}
	m, err := splitFact(data)
	if err != nil {
		t.Fatal(err)
	}
	var list []wireSummary
	for name, one := range m {
		w, err := decodeSummary(one)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		list = append(list, w)
	}
	if again := encodeFact(list, nil); !bytes.Equal(again, data) {
		t.Errorf("encoded again: %d bytes, not the %d before", len(again), len(data))
	}
	if second := load(t, src).factData(); !bytes.Equal(second, data) {
		t.Error("two runs give different facts")
	}
	for i := range data {
		cut, err := splitFact(data[:i])
		if err != nil {
			continue
		}
		for _, one := range cut {
			if _, err := decodeSummary(one); err != nil {
				t.Errorf("cut at %d: %v", i, err)
			}
		}
	}
}

func TestFactCap(t *testing.T) {
	var list []wireSummary
	for i := range 4000 {
		list = append(list, wireSummary{name: fmt.Sprintf("T%d.Lock", i), acquires: []wireAcquire{{chain: []Step{{"T.Lock", "t.go:1"}}}}})
	}
	data := encodeFact(list, nil)
	if len(data) > maxFact {
		t.Errorf("%d bytes", len(data))
	}
	if m, err := splitFact(data); err != nil || len(m) == 0 {
		t.Errorf("%d summaries, %v", len(m), err)
	}
}

func FuzzFact(f *testing.F) {
	f.Add(load(f, flowSource).factData())
	f.Fuzz(func(_ *testing.T, data []byte) {
		m, err := splitFact(data)
		if err != nil {
			return
		}
		for _, one := range m {
			_, _ = decodeSummary(one)
		}
	})
}

// A writer makes programs with locks and control flow.
type writer struct {
	strings.Builder
	r     *rand.Rand
	funcs int
	loops int
}

var mutexes = []string{"c.mu", "c.other", "c.next.mu", "global", "c.all[i].mu", "l"}

func (w *writer) stmts(depth, n int) {
	for range n {
		w.stmt(depth)
	}
}

func (w *writer) stmt(depth int) {
	mu := mutexes[w.r.IntN(len(mutexes))]
	conds := []string{"a", "b", "!a", "err != nil", "err == nil", "i == 2", "c.flag", "len(c.all) > 0", "mu2.TryLock()", "c.next != nil"}
	cond := conds[w.r.IntN(len(conds))]
	k := w.r.IntN(26)
	if depth > 3 && k > 14 {
		k = w.r.IntN(15)
	}
	switch k {
	case 0, 1, 2:
		fmt.Fprintf(w, "%s.Lock()\n", mu)
	case 3, 4, 5:
		fmt.Fprintf(w, "%s.Unlock()\n", mu)
	case 6:
		fmt.Fprintf(w, "defer %s.Unlock()\n", mu)
	case 7:
		fmt.Fprintf(w, "c.rw.RLock()\n")
	case 8:
		fmt.Fprintf(w, "defer c.rw.RUnlock()\n")
	case 9:
		fmt.Fprintf(w, "if %s { return err }\n", cond)
	case 10:
		fmt.Fprintf(w, "err = f%d(c, a, i)\n", w.r.IntN(w.funcs))
	case 11:
		fmt.Fprintf(w, "c.flag = %s\n", []string{"true", "false", "a"}[w.r.IntN(3)])
	case 12:
		fmt.Fprintf(w, "c = c.next\n")
	case 13:
		if w.loops > 0 {
			fmt.Fprintf(w, "if %s { %s }\n", cond, []string{"break", "continue"}[w.r.IntN(2)])
		}
	case 14:
		fmt.Fprintf(w, "if %s { panic(1) }\n", cond)
	case 15, 16, 17:
		fmt.Fprintf(w, "if %s {\n", cond)
		w.stmts(depth+1, 1+w.r.IntN(3))
		if w.r.IntN(2) == 0 {
			w.WriteString("} else {\n")
			w.stmts(depth+1, 1+w.r.IntN(2))
		}
		w.WriteString("}\n")
	case 18, 19:
		w.WriteString([]string{"for {\nif a { break }\n", "for i := range 3 {\n_ = i\n", "for _, c := range c.all {\n_ = c\n", "for i < 10 {\ni++\n"}[w.r.IntN(4)])
		w.loops++
		w.stmts(depth+1, 1+w.r.IntN(3))
		w.loops--
		w.WriteString("}\n")
	case 20:
		w.WriteString("func() {\n")
		loops := w.loops
		w.loops = 0
		fmt.Fprintf(w, "%s.Lock()\n%s.Unlock()\n", mu, mu)
		w.loops = loops
		w.WriteString("}()\n")
	case 21:
		fmt.Fprintf(w, "go func() { %s.Unlock() }()\n", mu)
	case 22:
		fmt.Fprintf(w, "defer func() { if %s { %s.Unlock() }; recover() }()\n", []string{"a", "c.flag", "err != nil"}[w.r.IntN(3)], mu)
	case 23:
		w.WriteString("switch i {\ncase 1:\n")
		w.stmts(depth+1, 1)
		w.WriteString("case 2:\n")
		w.stmts(depth+1, 1)
		w.WriteString("default:\n")
		w.stmts(depth+1, 1)
		w.WriteString("}\n")
	case 24:
		w.WriteString("select {\ncase c.ch <- 1:\n")
		w.stmts(depth+1, 1)
		w.WriteString("case <-c.ch:\n")
		w.stmts(depth+1, 1)
		w.WriteString("}\n")
	case 25:
		fmt.Fprintf(w, "c.each(func() { %s.Lock(); %s.Unlock() })\n", mu, mu)
	}
}

func program(seed uint64) string {
	w := &writer{r: rand.New(rand.NewPCG(seed, 1)), funcs: 4}
	w.WriteString(`package p

import "sync"

var global, mu2 sync.Mutex

type C struct {
	mu, other sync.Mutex
	rw        sync.RWMutex
	next      *C
	all       []*C
	flag      bool
	ch        chan int
}

func (c *C) each(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
}
`)
	for n := range w.funcs {
		fmt.Fprintf(w, "\nfunc f%d(c *C, a bool, i int) (err error) {\nvar l sync.Mutex\n_ = &l\nb := i > 3\n_ = b\n", n)
		w.stmts(0, 4+w.r.IntN(8))
		w.WriteString("return err\n}\n")
	}
	return w.String()
}

func dump(t testing.TB, src string) []byte {
	p := load(t, src)
	var buf bytes.Buffer
	p.Locks().Dump(&buf)
	buf.Write(p.factData())
	return buf.Bytes()
}

// FuzzPrograms holds that no program makes the exploration panic, and that two
// runs give the same bytes.
func FuzzPrograms(f *testing.F) {
	for seed := range uint64(60) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		src := program(seed)
		if a, b := dump(t, src), dump(t, src); !bytes.Equal(a, b) {
			t.Errorf("two runs differ on\n%s", src)
		}
	})
}

func benchmarkSource() string {
	var b strings.Builder
	src := program(7)
	head, rest, _ := strings.Cut(src, "\nfunc f0(")
	b.WriteString(head)
	for i := range 40 {
		body := "\nfunc f0(" + rest
		for k := range 4 {
			body = strings.ReplaceAll(body, fmt.Sprintf("f%d(c", k), fmt.Sprintf("f%d_%d(c", i, k))
		}
		b.WriteString(body)
	}
	return b.String()
}

func BenchmarkBuild(b *testing.B) {
	src := benchmarkSource()
	p := load(b, src)
	for b.Loop() {
		(&Package{Pass: p.Pass}).Built()
	}
}

func BenchmarkLocks(b *testing.B) {
	src := benchmarkSource()
	for b.Loop() {
		b.StopTimer()
		p := load(b, src)
		b.StartTimer()
		p.Locks()
	}
}

func BenchmarkFact(b *testing.B) {
	p := load(b, exportedSource())
	p.Locks()
	for b.Loop() {
		p.factData()
	}
}
