package skeleton

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
)

// A Fact tells the packages that import this one what its functions do to
// locks. It is one blob, so that reading it costs nothing until a call of one
// of the functions is met. Equal packages give equal bytes.
type Fact struct{ Data []byte }

// AFact marks a Fact as one.
func (*Fact) AFact() {}

// String tells the size, for debugging.
func (f *Fact) String() string { return fmt.Sprintf("skeleton(%d bytes)", len(f.Data)) }

// maxFact bounds the size of a fact. What does not fit is left out, and the
// importers know less.
const maxFact = 64 << 10

const factVersion = 3

// A wireRef names an object across packages: parameter n-1, or with n = 0 the
// variable pkg.name; then fields by name. The name of the last step can be
// readSide.
type wireRef struct {
	param     int
	pkg, name string
	path      []string
}

const readSide = "()" // no field is called so

type wireEffect struct {
	ref     wireRef
	mode    Mode
	release bool
	result  int
	of      int // ref is a path in this result; with result and no ref, it has no name
}

type wireGuard struct {
	param int
	value string
	not   bool
}

type wireExit struct {
	effects []wireEffect
	results []wireGuard
	when    []wireGuard
}

type wireAcquire struct {
	ref   wireRef
	mode  Mode
	chain []Step
	when  []wireGuard
	held  []wireEffect
}

type wireCall struct {
	param int
	at    string
	held  []wireEffect
}

// wireSummary is a Summary in terms that mean the same in other packages.
type wireSummary struct {
	name           string // Func or Type.Method
	unknown, never bool
	exits          []wireExit
	acquires       []wireAcquire
	calls          []wireCall
	releases       []wireRef
}

// exportFact exports what importers can use of the package's locks.
func (p *Package) exportFact() {
	if data := p.factData(); len(data) > 0 {
		p.Pass.ExportPackageFact(&Fact{Data: data})
	}
}

func (p *Package) factData() []byte {
	var list []wireSummary
	for _, fl := range p.Locks().Funcs {
		if name := exportedName(fl.Fn); name != "" && !fl.Summary.trivial() {
			w := p.toWire(name, fl)
			if !w.empty() {
				list = append(list, w)
			}
		}
	}
	return encodeFact(list, p.runners())
}

// exportedName is how other packages name the function, empty if they cannot.
func exportedName(fn *ssa.Function) string {
	obj := Declared(fn)
	if obj == nil || fn.Parent() != nil || !obj.Exported() {
		return ""
	}
	return objectName(obj)
}

func objectName(obj *types.Func) string {
	if recv := obj.Signature().Recv(); recv != nil {
		return typeName(recv.Type()) + "." + obj.Name()
	}
	return obj.Name()
}

func (w *wireSummary) empty() bool {
	if w.unknown || len(w.acquires) > 0 || len(w.calls) > 0 || len(w.releases) > 0 {
		return false
	}
	return !slices.ContainsFunc(w.exits, func(e wireExit) bool { return len(e.effects) > 0 })
}

func (p *Package) toWire(name string, fl *FuncLocks) wireSummary {
	sum := fl.Summary
	w := wireSummary{name: name, unknown: sum.Unknown, never: sum.never}
	effects := func(list []Effect) (res []wireEffect) {
		for _, e := range list {
			w := wireEffect{mode: e.Mode, release: e.Release, result: e.Result, of: e.Of}
			r, ok := wireOf(fl.Fn, e.Ref)
			switch {
			case e.Of > 0 && len(r.path) < 12:
				w.ref.path = r.path
			case ok && !e.Nameless:
				w.ref = r
			case e.Result == 0:
				continue
			}
			res = append(res, w)
		}
		return res
	}
	guards := func(list []Guard) (res []wireGuard, all bool) {
		all = true
		for _, g := range list {
			if g.Ref != nil && g.Param == 0 {
				all = false
				continue
			}
			res = append(res, wireGuard{g.Param, g.Value, g.Not})
		}
		return res, all
	}
	for _, e := range sum.Exits {
		x := wireExit{effects: effects(e.Effects)}
		x.results, _ = guards(e.Results)
		x.when, _ = guards(e.When)
		w.exits = append(w.exits, x)
	}
	if !slices.ContainsFunc(w.exits, func(e wireExit) bool { return len(e.effects) > 0 }) {
		w.exits = nil
	}
	for _, a := range sum.Acquires {
		r, ok := wireOf(fl.Fn, a.Ref)
		when, all := guards(a.When)
		if ok && all && !a.Registered {
			w.acquires = append(w.acquires, wireAcquire{r, a.Mode, a.Chain, when, effects(a.Held)})
		}
	}
	for _, c := range sum.Calls {
		if c.Method != nil {
			continue
		}
		w.calls = append(w.calls, wireCall{c.Param, c.At, effects(c.Held)})
	}
	for _, r := range sum.Releases {
		if r, ok := wireOf(fl.Fn, r); ok {
			w.releases = append(w.releases, r)
		}
	}
	return w
}

func wireOf(fn *ssa.Function, r *access.Ref) (w wireRef, ok bool) {
	switch r.Kind {
	case access.Field, access.RLocker:
		w, ok = wireOf(fn, r.Base)
		name := readSide
		if r.Kind == access.Field {
			name = r.Field.Name()
		}
		w.path = append(w.path, name)
		return w, ok && len(w.path) < 12
	case access.Param:
		i := slices.IndexFunc(fn.Params, func(p *ssa.Parameter) bool { return p == r.Value })
		return wireRef{param: i + 1}, i >= 0
	case access.Global:
		g := r.Value.(*ssa.Global)
		if g.Object() == nil {
			return w, false
		}
		return wireRef{pkg: g.Pkg.Pkg.Path(), name: g.Name()}, true
	}
	return w, false
}

// encodeFact gives the bytes of the entries and summaries. The latter are sorted by name.
func encodeFact(list []wireSummary, entries [][]byte) []byte {
	if len(list)+len(entries) == 0 {
		return nil
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b wireSummary) int { return cmp.Compare(a.name, b.name) })
	out := []byte{factVersion}
	add := func(entry []byte) {
		if len(out)+len(entry)+binary.MaxVarintLen64 <= maxFact {
			out = binary.AppendUvarint(out, uint64(len(entry)))
			out = append(out, entry...)
		}
	}
	for _, e := range entries {
		add(e)
	}
	for i := range list {
		var b encoder
		b.summary(&list[i])
		add(b.buf)
	}
	return out
}

type encoder struct{ buf []byte }

func (b *encoder) num(n int)    { b.buf = binary.AppendUvarint(b.buf, uint64(n)) }
func (b *encoder) flag(v bool)  { b.buf = append(b.buf, bit(v)) }
func (b *encoder) str(s string) { b.num(len(s)); b.buf = append(b.buf, s...) }
func (b *encoder) ref(r *wireRef) {
	b.num(r.param)
	b.str(r.pkg)
	b.str(r.name)
	each(b, r.path, b.str)
}

func each[T any](b *encoder, list []T, f func(T)) {
	b.num(len(list))
	for _, x := range list {
		f(x)
	}
}

func (b *encoder) effect(e wireEffect) {
	b.ref(&e.ref)
	b.num(int(e.mode))
	b.flag(e.release)
	b.num(e.result)
	b.num(e.of)
}

func (b *encoder) guard(g wireGuard) { b.num(g.param); b.str(g.value); b.flag(g.not) }

func (b *encoder) summary(w *wireSummary) {
	b.str(w.name)
	b.flag(w.unknown)
	b.flag(w.never)
	each(b, w.exits, func(e wireExit) {
		each(b, e.effects, b.effect)
		each(b, e.results, b.guard)
		each(b, e.when, b.guard)
	})
	each(b, w.acquires, func(a wireAcquire) {
		b.ref(&a.ref)
		b.num(int(a.mode))
		each(b, a.chain, func(s Step) { b.str(s.Name); b.str(s.Pos) })
		each(b, a.when, b.guard)
		each(b, a.held, b.effect)
	})
	each(b, w.calls, func(c wireCall) { b.num(c.param); b.str(c.at); each(b, c.held, b.effect) })
	each(b, w.releases, func(r wireRef) { b.ref(&r) })
}

var errFact = errors.New("skeleton: malformed fact")

// splitFact finds the summaries in a fact without decoding them.
func splitFact(data []byte) (map[string][]byte, error) {
	if len(data) == 0 {
		return nil, nil
	}
	if data[0] != factVersion {
		return nil, errFact
	}
	data = data[1:]
	m := make(map[string][]byte)
	for len(data) > 0 {
		n, k := binary.Uvarint(data)
		if k <= 0 || n > uint64(len(data)-k) {
			return nil, errFact
		}
		one := data[k : k+int(n)]
		d := decoder{buf: one}
		m[d.str()] = one
		data = data[k+int(n):]
	}
	return m, nil
}

type decoder struct {
	buf []byte
	bad bool
}

func (d *decoder) num() int {
	n, k := binary.Uvarint(d.buf)
	if k <= 0 || n > 1<<30 {
		d.bad, d.buf = true, nil
		return 0
	}
	d.buf = d.buf[k:]
	return int(n)
}

func (d *decoder) flag() bool { return d.num() != 0 }

func (d *decoder) str() string {
	n := d.num()
	if n > len(d.buf) {
		d.bad, d.buf = true, nil
		return ""
	}
	s := string(d.buf[:n])
	d.buf = d.buf[n:]
	return s
}

func decodeEach[T any](d *decoder, f func() T) []T {
	n := d.num()
	if n > len(d.buf) {
		d.bad, d.buf = true, nil
		return nil
	}
	var list []T
	for range n {
		list = append(list, f())
	}
	return list
}

func (d *decoder) ref() wireRef {
	return wireRef{param: d.num(), pkg: d.str(), name: d.str(), path: decodeEach(d, d.str)}
}

func (d *decoder) effect() wireEffect {
	return wireEffect{ref: d.ref(), mode: Mode(d.num()), release: d.flag(), result: d.num(), of: d.num()}
}

func (d *decoder) guard() wireGuard { return wireGuard{d.num(), d.str(), d.flag()} }

func decodeSummary(data []byte) (w wireSummary, err error) {
	d := &decoder{buf: data}
	w.name, w.unknown, w.never = d.str(), d.flag(), d.flag()
	w.exits = decodeEach(d, func() wireExit {
		return wireExit{decodeEach(d, d.effect), decodeEach(d, d.guard), decodeEach(d, d.guard)}
	})
	w.acquires = decodeEach(d, func() wireAcquire {
		return wireAcquire{d.ref(), Mode(d.num()), decodeEach(d, func() Step { return Step{d.str(), d.str()} }),
			decodeEach(d, d.guard), decodeEach(d, d.effect)}
	})
	w.calls = decodeEach(d, func() wireCall { return wireCall{d.num(), d.str(), decodeEach(d, d.effect)} })
	w.releases = decodeEach(d, d.ref)
	if d.bad || len(d.buf) > 0 {
		return w, errFact
	}
	return w, nil
}

// importedFacts reads the facts of imported packages when they are asked for.
type importedFacts struct {
	p    *Package
	pkgs map[*types.Package]map[string][]byte
	runs map[*types.Func]*Runner // nil for a function that runs nothing it is given
}

func (f *importedFacts) lookup(fn *types.Func) []byte {
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == f.p.Pass.Pkg {
		return nil
	}
	return f.of(fn.Pkg())[objectName(fn.Origin())]
}

// of returns the summaries in the fact of a package.
func (f *importedFacts) of(pkg *types.Package) map[string][]byte {
	m, ok := f.pkgs[pkg]
	if !ok {
		var fact Fact
		if f.p.Pass.ImportPackageFact(pkg, &fact) {
			m, _ = splitFact(fact.Data)
		}
		if f.pkgs == nil {
			f.pkgs = make(map[*types.Package]map[string][]byte)
		}
		f.pkgs[pkg] = m
	}
	return m
}

func (f *importedFacts) has(fn *types.Func) bool { return f.lookup(fn) != nil }

// summary returns what a call of a function of another package does, in the
// caller's terms.
func (f *importedFacts) summary(fn *types.Func, call ssa.CallInstruction) *Summary {
	data := f.lookup(fn)
	if data == nil {
		return nil
	}
	w, err := decodeSummary(data)
	if err != nil {
		return nil
	}
	p := f.p
	t := target{args: call.Common().Args}
	ref := func(r *wireRef) *access.Ref { return p.fromWire(&t, r) }
	effects := func(list []wireEffect) (res []Effect) {
		for _, e := range list {
			x := Effect{Mode: e.mode, Release: e.release, Result: e.result, Of: e.of}
			if e.result > 0 && e.ref.param == 0 && e.ref.pkg == "" {
				path, ok := fieldsOf(fn, &e)
				if !ok {
					x.Of = 0
				}
				res = append(res, p.ofResult(call, x, path))
			} else if r := ref(&e.ref); r != nil {
				x.Ref, x.Mode = side(r, e.mode)
				res = append(res, x)
			}
		}
		return res
	}
	guards := func(list []wireGuard) (res []Guard) {
		for _, g := range list {
			res = append(res, Guard{Param: g.param, Value: g.value, Not: g.not})
		}
		return res
	}
	sum := &Summary{Unknown: w.unknown, never: w.never}
	for _, e := range w.exits {
		sum.Exits = append(sum.Exits, Exit{Effects: effects(e.effects), Results: guards(e.results), When: guards(e.when)})
	}
	for _, a := range w.acquires {
		if r := ref(&a.ref); r != nil {
			r, m := side(r, a.mode)
			sum.Acquires = append(sum.Acquires, Acquire{Ref: r, Mode: m, Chain: a.chain, When: guards(a.when), Held: effects(a.held)})
		}
	}
	for _, c := range w.calls {
		sum.Calls = append(sum.Calls, ParamCall{Param: c.param, At: c.at, Held: effects(c.held)})
	}
	for _, r := range w.releases {
		if r := ref(&r); r != nil {
			r, _ = side(r, Exclusive)
			sum.Releases = append(sum.Releases, r)
		}
	}
	return sum
}

// fromWire finds the object in the caller's terms, or nil.
func (p *Package) fromWire(t *target, w *wireRef) *access.Ref {
	var ref *access.Ref
	var typ types.Type
	if w.param > 0 {
		arg := t.param(w.param - 1)
		if arg == nil {
			return nil
		}
		if _, ok := arg.(*ssa.Const); ok {
			return nil
		}
		ref, typ = p.Access.Of(arg), arg.Type()
	} else {
		pkg := p.SSA.Prog.ImportedPackage(w.pkg)
		if pkg == nil {
			return nil
		}
		g := pkg.Var(w.name)
		if g == nil {
			return nil
		}
		ref, typ = p.Access.Of(g), g.Type()
	}
	for _, name := range w.path {
		if name == readSide {
			ref = p.Access.ReadSide(ref)
			continue
		}
		f := fieldNamed(typ, name)
		if f == nil {
			return nil
		}
		ref, typ = p.Access.Field(ref, f.Origin()), f.Type()
	}
	return ref
}

// fieldsOf finds the fields on the path to a lock in a result of the function.
func fieldsOf(fn *types.Func, e *wireEffect) (path []*types.Var, ok bool) {
	if e.of == 0 || e.of > fn.Signature().Results().Len() {
		return nil, false
	}
	typ := fn.Signature().Results().At(e.of - 1).Type()
	for _, name := range e.ref.path {
		f := fieldNamed(typ, name)
		if f == nil {
			return nil, false
		}
		path, typ = append(path, f.Origin()), f.Type()
	}
	return path, true
}

func fieldNamed(typ types.Type, name string) *types.Var {
	for range 3 {
		ptr, ok := typ.Underlying().(*types.Pointer)
		if !ok {
			break
		}
		typ = ptr.Elem()
	}
	s, ok := typ.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for f := range s.Fields() {
		if f.Name() == name {
			return f
		}
	}
	return nil
}

// standard reports whether the package is of the standard library, which is
// described by the table of operations and needs no facts.
func standard(pass *analysis.Pass) bool {
	if pass.Module != nil && pass.Module.Path != "" {
		return false
	}
	first, _, _ := strings.Cut(pass.Pkg.Path(), "/")
	return !strings.Contains(first, ".")
}

// ReleasedAbroad reports whether the lock in a field of another package is one
// that an exported function of that package releases for its callers.
func (p *Package) ReleasedAbroad(field *types.Var) bool {
	if p.locks == nil || p.locks.imported == nil {
		return true
	}
	return p.locks.imported.releases(field)
}

func (f *importedFacts) releases(field *types.Var) bool {
	for name, data := range f.of(field.Pkg()) {
		if strings.HasPrefix(name, runnerMark) {
			continue
		}
		w, err := decodeSummary(data)
		if err != nil || w.unknown {
			return true
		}
		is := func(r *wireRef) bool { return len(r.path) > 0 && slices.Contains(r.path, field.Name()) }
		for _, e := range w.exits {
			if slices.ContainsFunc(e.effects, func(e wireEffect) bool { return e.release && is(&e.ref) }) {
				return true
			}
		}
		if slices.ContainsFunc(w.releases, func(r wireRef) bool { return is(&r) }) {
			return true
		}
	}
	return false
}
