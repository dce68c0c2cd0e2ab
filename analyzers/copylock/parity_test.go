package copylock

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/analysis/passes/copylock"
	"golang.org/x/tools/go/packages"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/linttest"
)

// TestParity holds the check against go vet's: it reports all that go vet does,
// other than copies that are dropped, and with -vet=false nothing of it.
func TestParity(t *testing.T) {
	t.Run("fixtures", func(t *testing.T) {
		if n := parity(t, linttest.Root(t), "./copylock/..."); n == 0 {
			t.Error("go vet reports nothing in the fixtures")
		}
	})
	t.Run("forms", func(t *testing.T) {
		dir := t.TempDir()
		for name, src := range map[string]string{"go.mod": "module forms\n\ngo 1.26\n", "forms.go": forms} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(src), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if n := parity(t, dir, "."); n < 40 {
			t.Errorf("go vet reports %d of forms.go, which is made of copies", n)
		}
	})
	t.Run("std", func(t *testing.T) {
		if testing.Short() {
			t.Skip("loads the standard library")
		}
		parity(t, linttest.Root(t), "sync/...", "log/...")
	})
}

// parity returns how many reports of go vet it looked at.
func parity(t *testing.T, dir string, patterns ...string) int {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadAllSyntax | packages.NeedModule, Dir: dir, Tests: true,
		Env: append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=mod", "GOWORK=off"),
	}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pkgs {
		for _, e := range p.Errors {
			t.Fatal(e)
		}
	}
	full, rest := newCheck(), newCheck()
	if err := rest.Analyzer.Flags.Set("vet", "false"); err != nil {
		t.Fatal(err)
	}
	found := func(a *analysis.Analyzer) map[string]string {
		graph, err := checker.Analyze([]*analysis.Analyzer{a}, pkgs, nil)
		if err != nil {
			t.Fatal(err)
		}
		m := make(map[string]string)
		for _, act := range graph.Roots {
			if act.Err != nil {
				t.Fatalf("%s: %v", act.Package.PkgPath, act.Err)
			}
			for _, d := range act.Diagnostics {
				if !dropped(act.Package.Syntax, d.Pos) {
					m[act.Package.Fset.Position(d.Pos).String()] = d.Message
				}
			}
		}
		return m
	}
	if err := diag.Config.Flags.Set("generated", "true"); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = diag.Config.Flags.Set("generated", "false") }()
	vet, ours, others := found(copylock.Analyzer), found(full.Analyzer), found(rest.Analyzer)
	for pos, message := range vet {
		if _, ok := ours[pos]; !ok {
			t.Errorf("%s: missed what go vet reports: %s", pos, message)
		}
		if m, ok := others[pos]; ok {
			t.Errorf("%s: reported with -vet=false, and by go vet too: %s", pos, m)
		}
	}
	for pos, message := range ours {
		_, both := vet[pos]
		if _, ok := others[pos]; !ok && !both {
			t.Errorf("%s: not reported with -vet=false, nor by go vet: %s", pos, message)
		}
	}
	return len(vet)
}

// dropped reports whether the value at pos is assigned to the blank identifier.
func dropped(files []*ast.File, pos token.Pos) bool {
	found := false
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for i, x := range n.Rhs {
					found = found || ast.Unparen(x).Pos() == pos && isBlank(n.Lhs[i])
				}
			case *ast.ValueSpec:
				for i, x := range n.Values {
					found = found || i < len(n.Names) && ast.Unparen(x).Pos() == pos && isBlank(n.Names[i])
				}
			}
			return true
		})
	}
	return found
}

// forms has the forms of the tests of x/tools' copylock, those that compile.
const forms = `package forms

import (
	"sync"
	"sync/atomic"
	"unsafe"
	unsafe1 "unsafe"
)

type T struct{ once sync.Once }
type L0 struct{ L1 }
type L1 struct{ l L2 }
type L2 struct{ sync.Mutex }
type Loc struct{ sync.Locker }
type Custom struct{}
type LocalOnce sync.Once
type LocalMutex sync.Mutex
type P struct{ s *sync.Mutex }

func (*Custom) Lock()   {}
func (*Custom) Unlock() {}

func (L0) Bad()         {}
func (LocalOnce) Bad()  {}
func (LocalMutex) Bad() {}
func (Loc) Ok()         {}
func (P) Ok()           {}

func Bad(sync.Mutex) {}
func Bad2(sync.Map, int, L0, Custom) {}
func BadRet() (m sync.Mutex) { return }
func G1[S ~struct{ mu sync.Mutex }](s S) {}
func G2[M sync.Mutex](m M) { var x *M; var y M; p := &y; *p = *x; mus := []M{}; for _, m := range mus { use(&m) } }
func G3[M interface{ ~struct{ sync.Mutex; n int }; M() }](m M) {}
func G4[T1 ~[]T2, T2 ~[]T1 | string, T3 ~struct{ F func(T3) }](t1 T1, t2 T2, t3 T3) {}
func G5[M *sync.Mutex](m M) { n := m; use(n) }
func G6[A, B any, C interface{ A2 }](a A, c C) { d := c; use(&d, func(c C) {}) }

type A2 interface{ int | L0 }

func use(...any) {}

var f = func(sync.Mutex, sync.Map) {}

func assignments(x *sync.Mutex, t T, tp *T, m map[string]T, ch chan T) (int, any) {
	var y sync.Mutex
	p := &y
	*p = *x
	*tp = t
	t = *tp
	z := *x
	var v, w = t, (t)
	lit := struct{ L sync.Mutex }{L: *x}
	mm := map[int]T{1: t, 2: *tp, 3: {}}
	list := []T{t, *tp, {}}
	arr := [5]sync.Mutex{}
	brr := arr
	var marr [5][5]sync.Mutex
	mbrr := marr
	sl := [5][][5]sync.Mutex{}
	sl2 := sl
	a := m["a"]
	b, ok := m["b"]
	_, ok = m["c"]
	_ = t
	c := <-ch
	d, ok := <-ch
	e := any(tp).(*T)
	g, ok := any(t).(T)
	n := len(arr) + cap(arr) + len(brr) + int(unsafe.Sizeof(y)+unsafe1.Sizeof(y)+unsafe.Alignof(y)+unsafe.Offsetof(t.once))
	h := *(newT())
	i := BadRet()
	k := (*tp).once
	q := append(list, t, *tp)
	r := new(t)
	var at atomic.Int64
	au := at
	var av atomic.Value
	aw := av
	func(T) {}(t)
	func() T { return t }()
	go func(a any, b ...any) {}(t, y, t)
	defer use(ok, ch == nil)
	println(T.pick(t))
	delete(map[Custom]int{}, Custom{})
	use(&z, &v, &w, &lit, mm, list, &brr, &mbrr, &sl2, &a, &b, &c, &d, e, &g, n, &h, &i, &k, q, r, &au, &aw)
	if n > 0 {
		return 2, t
	}
	switch u := any(tp).(type) {
	case T:
		use(&u)
	}
	return 3, &t
}

func (t T) pick() int { return 0 }
func newT() *T        { return &T{} }

func loops(s []sync.Mutex, m map[Custom]T, a [3]sync.Mutex, c chan sync.Mutex) {
	var mu sync.Mutex
	var t struct{ i int; mu sync.Mutex }
	var i int
	var k Custom
	for range s {}
	for i = range s {}
	for i, _ = range s {}
	for _, mu = range s {}
	for _, m := range s { use(&m) }
	for t.i, t.mu = range s {}
	for _, m := range a { use(&m) }
	for k := range m { use(&k) }
	for k, _ = range m {}
	for _, v := range m { use(&v) }
	for mu = range c {}
	for v := range c { use(&v) }
	for x, mu := 0, (sync.Mutex{}); x < 10; x++ { use(&mu) }
	for x, mu := 0, mu; x < 10; x++ { use(&mu) }
	for x, _ := 0, mu; x < 10; x++ {}
	for x, _ := 0, (sync.Mutex{}); x < 10; x++ {}
	use(&k, i)
}
`
