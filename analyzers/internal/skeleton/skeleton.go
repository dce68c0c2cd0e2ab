// Package skeleton gives the engine its view of a package: the SSA form,
// built only where there is concurrency to see; which call is which operation;
// which functions a call can reach; and what the functions of other packages
// do, from facts. It is the only exporter of facts.
//
// A package is built when it has syntax of goroutines or channels, or imports
// a package that the table of operations concerns, or one that carries facts.
// For all others, and for dependencies of the standard library, the result is
// empty and costs nothing.
package skeleton

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// Analyzer computes the skeleton of a package. Its result is a [*Package].
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:       "skeleton",
		Doc:        "reduce functions to their concurrency\n\nThe analyzers of conclint that look beyond one expression read its result; it reports nothing.",
		URL:        "https://github.com/conclint/conclint",
		Requires:   []*analysis.Analyzer{inspect.Analyzer, ends},
		ResultType: reflect.TypeFor[*Package](),
		FactTypes:  []analysis.Fact{new(Fact)},
	}
	a.Run = func(pass *analysis.Pass) (any, error) { return build(pass), nil }
	return a
}

// A Package is the engine's view of one package.
type Package struct {
	Pass *analysis.Pass
	// SSA is nil when there is nothing to see.
	SSA *ssa.Package
	// Funcs holds every function with a body: declared, method, literal, and
	// the package's initializer, in the order of the source.
	Funcs []*ssa.Function
	// Access names objects.
	Access *access.Table
	// Mu is held by whoever asks for more than the fields above: analyzers run
	// at the same time, and what a Package knows is found out when asked.
	Mu sync.Mutex

	once      sync.Once
	panic     *Panic
	onlyTests bool

	fields    map[*types.Var]*stored     // functions stored in fields
	methods   map[string][]*ssa.Function // of the package's types, by name
	sites     map[*ssa.Function][]ssa.CallInstruction
	made      map[*ssa.Function][]*ssa.MakeClosure
	escapes   map[*ssa.Function]bool
	noReturn  map[*ssa.Function]bool
	accessors map[*ssa.Function]*access.Ref
	formatted map[*ssa.Function][]*ssa.Function // who formats values with the method
	locks     *Locks
	imported  *importedFacts
	names     map[token.Pos]string
}

// stored is what a field of function type is set to.
type stored struct {
	fns  []*ssa.Function
	open bool // and to something unknown
}

// Built reports whether there is anything to see. It must be asked before
// anything else is: a package of the standard library is built only now.
func (p *Package) Built() bool {
	p.once.Do(func() {
		if concerned(p.Pass) {
			p.panic = Safely(p.construct)
			if p.panic != nil {
				p.SSA = nil // half of it is worse than nothing
			}
		}
	})
	p.panic.Raise()
	return p.SSA != nil
}

func build(pass *analysis.Pass) *Package {
	p := &Package{Pass: pass}
	if !standard(pass) {
		p.panic = Safely(func() {
			if p.Built() {
				p.exportFact()
			}
		})
	}
	return p
}

func (p *Package) construct() {
	pass := p.Pass
	p.onlyTests = p.findOnlyTests()
	p.imported = &importedFacts{p: p}
	prog := ssa.NewProgram(pass.Fset, ssa.BuilderMode(0))
	prog.SetNoReturn(pass.ResultOf[ends].(func(*types.Func) bool))
	for _, imp := range pass.Pkg.Imports() {
		prog.CreatePackage(imp, nil, nil, true)
	}
	p.SSA = prog.CreatePackage(pass.Pkg, pass.Files, pass.TypesInfo, false)
	p.SSA.Build()
	p.collect()
	p.Access = access.NewTable(p.Funcs)
	p.Access.SeeThrough(p.accessor)
	p.Access.NameBy(p.assigned)
	p.index()
	p.findLockers()
	p.noteFormatted()
}

// concerned reports whether the package has anything to do with concurrency.
func concerned(pass *analysis.Pass) bool {
	for _, imp := range pass.Pkg.Imports() {
		if ops.Concerns(imp) || pass.ImportPackageFact(imp, new(Fact)) {
			return true
		}
	}
	found := false
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	for range in.PreorderSeq((*ast.GoStmt)(nil), (*ast.SendStmt)(nil), (*ast.SelectStmt)(nil), (*ast.ChanType)(nil)) {
		found = true
		break
	}
	return found || runsBeside(pass)
}

// runsBeside reports whether the package names what starts goroutines without a word of the
// language: time.AfterFunc, and Parallel of a test.
func runsBeside(pass *analysis.Pass) bool {
	starts := make(map[types.Object]bool)
	for _, imp := range pass.Pkg.Imports() {
		switch imp.Path() {
		case "time":
			starts[imp.Scope().Lookup("AfterFunc")] = true
		case "testing":
			parallel, _, _ := types.LookupFieldOrMethod(imp.Scope().Lookup("T").Type(), true, nil, "Parallel")
			starts[parallel] = true
		}
	}
	if len(starts) == 0 {
		return false
	}
	for _, obj := range pass.TypesInfo.Uses {
		if starts[obj] {
			return true
		}
	}
	return false
}

// collect lists the functions with bodies.
func (p *Package) collect() {
	var add func(fn *ssa.Function)
	add = func(fn *ssa.Function) {
		if fn == nil || fn.Blocks == nil {
			return
		}
		p.Funcs = append(p.Funcs, fn)
		for _, anon := range fn.AnonFuncs {
			add(anon)
		}
	}
	for _, file := range p.Pass.Files {
		for _, decl := range file.Decls {
			if d, ok := decl.(*ast.FuncDecl); ok {
				if obj, ok := p.Pass.TypesInfo.Defs[d.Name].(*types.Func); ok {
					add(p.SSA.Prog.FuncValue(obj))
				}
			}
		}
	}
	add(p.SSA.Func("init"))
}

// index notes who calls whom, where closures are made, what function fields
// are set to, and which functions are used as values.
func (p *Package) index() {
	p.fields = make(map[*types.Var]*stored)
	p.methods = make(map[string][]*ssa.Function)
	p.sites = make(map[*ssa.Function][]ssa.CallInstruction)
	p.made = make(map[*ssa.Function][]*ssa.MakeClosure)
	p.escapes = make(map[*ssa.Function]bool)
	p.noReturn = make(map[*ssa.Function]bool)
	p.accessors = make(map[*ssa.Function]*access.Ref)
	for _, fn := range p.Funcs {
		if fn.Signature.Recv() != nil {
			p.methods[fn.Name()] = append(p.methods[fn.Name()], fn)
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.MakeClosure:
					f := instr.Fn.(*ssa.Function)
					p.made[f] = append(p.made[f], instr)
				case *ssa.Store:
					if fa, ok := instr.Addr.(*ssa.FieldAddr); ok {
						p.storeField(fieldVar(fa), instr.Val)
					}
				}
				p.noteValues(instr)
			}
		}
	}
	for _, fn := range p.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok {
					fns, _ := p.Callees(call)
					if len(fns) == 0 && call.Common().IsInvoke() {
						fns, _ = p.implementors(call.Common()) // too many to look at each
					}
					for _, f := range fns {
						p.sites[f] = append(p.sites[f], call)
					}
				}
			}
		}
	}
}

// noteValues marks functions that are used otherwise than being called.
func (p *Package) noteValues(instr ssa.Instruction) {
	var callee ssa.Value
	if call, ok := instr.(ssa.CallInstruction); ok {
		callee = call.Common().Value
	}
	var space [16]*ssa.Value
	for _, op := range instr.Operands(space[:0]) {
		if op == nil || *op == nil {
			continue
		}
		fn, ok := (*op).(*ssa.Function)
		if !ok {
			continue
		}
		if *op == callee {
			if _, isCall := instr.(ssa.CallInstruction); isCall {
				callee = nil // an argument that is the same function counts
				continue
			}
		}
		if _, ok := instr.(*ssa.MakeClosure); ok {
			continue
		}
		p.escapes[Origin(fn)] = true
	}
}

func fieldVar(fa *ssa.FieldAddr) *types.Var {
	t := fa.X.Type().Underlying()
	if ptr, ok := t.(*types.Pointer); ok {
		t = ptr.Elem().Underlying()
	}
	if s, ok := t.(*types.Struct); ok {
		return s.Field(fa.Field).Origin()
	}
	return nil
}

func (p *Package) storeField(f *types.Var, val ssa.Value) {
	if f == nil {
		return
	}
	if _, ok := f.Type().Underlying().(*types.Signature); !ok {
		return
	}
	s := p.fields[f]
	if s == nil {
		s = new(stored)
		p.fields[f] = s
	}
	if c, ok := val.(*ssa.Const); ok && c.IsNil() {
		return
	}
	fns, complete := p.functions(val, 0)
	s.fns = appendNew(s.fns, fns...)
	s.open = s.open || !complete
}

func appendNew(list []*ssa.Function, fns ...*ssa.Function) []*ssa.Function {
next:
	for _, f := range fns {
		for _, have := range list {
			if have == f {
				continue next
			}
		}
		list = append(list, f)
	}
	return list
}

// Origin returns the function whose body is run for fn: of a generic
// function's instance, the generic function.
func Origin(fn *ssa.Function) *ssa.Function {
	if o := fn.Origin(); o != nil {
		return o
	}
	return fn
}

// Functions returns the functions that a value of function type can be, and
// whether these are all.
func (p *Package) Functions(v ssa.Value) (fns []*ssa.Function, complete bool) {
	return p.functions(v, 0)
}

func (p *Package) functions(v ssa.Value, depth int) ([]*ssa.Function, bool) {
	if depth > 8 {
		return nil, false
	}
	switch v := v.(type) {
	case *ssa.Function:
		return []*ssa.Function{Origin(v)}, true
	case *ssa.MakeClosure:
		return []*ssa.Function{Origin(v.Fn.(*ssa.Function))}, true
	case *ssa.ChangeType:
		return p.functions(v.X, depth+1)
	case *ssa.Const:
		return nil, v.IsNil()
	case *ssa.Phi:
		var all []*ssa.Function
		complete := true
		for _, e := range v.Edges {
			fns, ok := p.functions(e, depth+1)
			all = appendNew(all, fns...)
			complete = complete && ok
		}
		return all, complete
	case *ssa.FreeVar:
		if b := p.Access.Binding(v); b != nil {
			return p.functions(b, depth+1)
		}
	case *ssa.UnOp:
		if v.Op != token.MUL {
			break
		}
		if a := p.Access.Cell(v.X); a != nil {
			if val := p.Access.StoredOnce(a); val != nil {
				return p.functions(val, depth+1)
			}
		}
		if fa, ok := v.X.(*ssa.FieldAddr); ok {
			f := fieldVar(fa)
			if f != nil && !f.Exported() && f.Pkg() == p.Pass.Pkg {
				if s := p.fields[f]; s != nil && len(s.fns) <= maxCandidates {
					return s.fns, !s.open
				}
			}
		}
	}
	return nil, false
}

// maxCandidates bounds how many callees are still few.
const maxCandidates = 4

// Callees returns the functions with bodies in this package that the call can
// reach, and whether these are all it can reach. A static call to another
// package has none and is complete: [Package.Static] tells which it is.
func (p *Package) Callees(call ssa.CallInstruction) (fns []*ssa.Function, complete bool) {
	common := call.Common()
	if common.IsInvoke() {
		return p.implementations(common)
	}
	if _, ok := common.Value.(*ssa.Builtin); ok {
		return nil, true
	}
	all, complete := p.functions(common.Value, 0)
	for _, f := range all {
		if f.Blocks != nil {
			fns = append(fns, f)
		}
	}
	return fns, complete
}

// Static returns the declared function that a call names or an interface
// method that it invokes, also through a bound method; nil for a call of a
// value that is not known.
func Static(common *ssa.CallCommon) *types.Func {
	if common.IsInvoke() {
		return common.Method
	}
	if f := common.StaticCallee(); f != nil {
		return Declared(f)
	}
	return nil
}

// Declared returns the object of a function, of the method behind a bound
// method or thunk; nil for a literal.
func Declared(fn *ssa.Function) *types.Func {
	obj, _ := Origin(fn).Object().(*types.Func)
	return obj
}

// implementations resolves a call through an interface: to the concrete type
// that the value was made of here; or, for an interface that the package keeps
// to itself, to the package's types that have the method.
func (p *Package) implementations(common *ssa.CallCommon) ([]*ssa.Function, bool) {
	if mi := p.madeInterface(common.Value, 0); mi != nil {
		if f := p.SSA.Prog.LookupMethod(mi.X.Type(), common.Method.Pkg(), common.Method.Name()); f != nil {
			f = unwrap(Origin(f))
			if f.Blocks != nil && f.Pkg == p.SSA {
				return []*ssa.Function{f}, true
			}
			return nil, f.Pkg != nil
		}
	}
	fns, complete := p.implementors(common)
	if len(fns) == 0 || len(fns) > maxCandidates {
		return nil, false
	}
	return fns, complete
}

// implementors returns the methods of the package's types that a call of one of its
// interfaces can be of, and whether there are no others.
func (p *Package) implementors(common *ssa.CallCommon) (fns []*ssa.Function, complete bool) {
	named, ok := types.Unalias(common.Value.Type()).(*types.Named)
	if !ok || named.Obj().Pkg() != p.Pass.Pkg {
		return nil, false
	}
	iface, ok := named.Underlying().(*types.Interface)
	if !ok {
		return nil, false
	}
	for _, m := range p.methods[common.Method.Name()] {
		recv := asInstance(m.Signature.Recv().Type(), named)
		if types.Implements(recv, iface) || types.Implements(types.NewPointer(recv), iface) {
			fns = append(fns, m)
		}
	}
	return fns, !named.Obj().Exported()
}

// MethodValue returns the method of the package that a method value is of, and its receiver;
// nil for other values.
func (p *Package) MethodValue(v ssa.Value) (m *ssa.Function, recv ssa.Value) {
	if ct, ok := v.(*ssa.ChangeType); ok {
		v = ct.X
	}
	mc, ok := v.(*ssa.MakeClosure)
	if !ok || len(mc.Bindings) != 1 {
		return nil, nil
	}
	obj, ok := mc.Fn.(*ssa.Function).Object().(*types.Func)
	if !ok {
		return nil, nil
	}
	if m = p.SSA.Prog.FuncValue(obj); m == nil || len(m.Blocks) == 0 || m.Pkg != p.SSA {
		return nil, nil
	}
	return m, mc.Bindings[0]
}

// asInstance gives a generic receiver the type arguments of the interface, where it takes as
// many: the methods of onceListener[T] are behind a Listener[T].
func asInstance(recv types.Type, iface *types.Named) types.Type {
	t := recv
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.TypeArgs().Len() == 0 || named.TypeArgs().Len() != iface.TypeArgs().Len() {
		return recv
	}
	var args []types.Type
	for arg := range iface.TypeArgs().Types() {
		args = append(args, arg)
	}
	inst, err := types.Instantiate(nil, named.Origin(), args, false)
	if err != nil {
		return recv
	}
	if _, ok := recv.(*types.Pointer); ok {
		return types.NewPointer(inst)
	}
	return inst
}

// unwrap returns the method behind a wrapper that only adds indirection.
func unwrap(fn *ssa.Function) *ssa.Function {
	if fn.Synthetic == "" || len(fn.Blocks) != 1 {
		return fn
	}
	for _, instr := range fn.Blocks[0].Instrs {
		if call, ok := instr.(*ssa.Call); ok {
			if f := call.Call.StaticCallee(); f != nil {
				return Origin(f)
			}
		}
	}
	return fn
}

func (p *Package) madeInterface(v ssa.Value, depth int) *ssa.MakeInterface {
	if depth > 8 {
		return nil
	}
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return v
	case *ssa.ChangeInterface:
		return p.madeInterface(v.X, depth+1)
	case *ssa.FreeVar:
		if b := p.Access.Binding(v); b != nil {
			return p.madeInterface(b, depth+1)
		}
	case *ssa.UnOp:
		if a := p.Access.Cell(v.X); a != nil && v.Op == token.MUL {
			if val := p.Access.StoredOnce(a); val != nil {
				return p.madeInterface(val, depth+1)
			}
		}
	}
	return nil
}

// Op returns what the call means, and the operand that it works on: the
// receiver, also that of a bound method. The operand is nil when the operation
// has none.
func (p *Package) Op(common *ssa.CallCommon) (ops.Op, ssa.Value) {
	fn := Static(common)
	if fn == nil {
		// A function value: f := c.mu.Lock; f().
		if mc := p.closure(common.Value, 0); mc != nil {
			f := mc.Fn.(*ssa.Function)
			if op := ops.Of(Declared(f)); op.Kind != ops.None && len(mc.Bindings) == 1 {
				return op, mc.Bindings[0]
			}
		}
		return ops.Op{Func: -1}, nil
	}
	op := ops.Of(fn)
	if op.Kind == ops.None {
		return op, nil
	}
	switch {
	case common.IsInvoke():
		return op, common.Value
	case fn.Signature().Recv() != nil && len(common.Args) > 0 && !isBound(common):
		return op, common.Args[0]
	case isBound(common):
		if mc, ok := common.Value.(*ssa.MakeClosure); ok && len(mc.Bindings) == 1 {
			return op, mc.Bindings[0]
		}
	case len(common.Args) > 0:
		return op, common.Args[0] // of a function, the first argument
	}
	return op, nil
}

// isBound reports whether the callee is a method value's closure.
func isBound(common *ssa.CallCommon) bool {
	mc, ok := common.Value.(*ssa.MakeClosure)
	return ok && mc.Fn.(*ssa.Function).Object() != nil
}

// closure follows a function value to where it is made, if that is one place.
func (p *Package) closure(v ssa.Value, depth int) *ssa.MakeClosure {
	if depth > 8 {
		return nil
	}
	switch v := v.(type) {
	case *ssa.MakeClosure:
		return v
	case *ssa.ChangeType:
		return p.closure(v.X, depth+1)
	case *ssa.FreeVar:
		if b := p.Access.Binding(v); b != nil {
			return p.closure(b, depth+1)
		}
	case *ssa.UnOp:
		if a := p.Access.Cell(v.X); a != nil && v.Op == token.MUL {
			if val := p.Access.StoredOnce(a); val != nil {
				return p.closure(val, depth+1)
			}
		}
	}
	return nil
}

// Args returns the arguments of a call without the receiver of a method.
func Args(common *ssa.CallCommon) []ssa.Value {
	if !common.IsInvoke() && common.Signature().Recv() != nil && len(common.Args) > 0 {
		return common.Args[1:]
	}
	return common.Args
}

// FuncArg returns the function argument that op runs, or nil.
func FuncArg(common *ssa.CallCommon, op ops.Op) ssa.Value {
	if args := Args(common); op.Func >= 0 && op.Func < len(args) {
		return args[op.Func]
	}
	return nil
}

// Sites returns the calls in this package that can reach fn: calls, go and
// defer statements.
func (p *Package) Sites(fn *ssa.Function) []ssa.CallInstruction { return p.sites[fn] }

// Closures returns where closures of a function literal are made.
func (p *Package) Closures(fn *ssa.Function) []*ssa.MakeClosure { return p.made[fn] }

// UsedAsValue reports whether fn is used otherwise than by being called, so
// that it can be run by code that is not seen.
func (p *Package) UsedAsValue(fn *ssa.Function) bool { return p.escapes[fn] }

// InTest reports whether the function is code that tests: a method of what can end a test,
// wherever it is written; or written in a test file, and itself a test, benchmark or example, given
// one, or a function beside the code that the file tests. Methods of types that a test file declares, and functions of a package
// that consists of tests only, are code like any other.
func (p *Package) InTest(fn *ssa.Function) bool {
	fn = Outermost(fn)
	recv := fn.Signature.Recv()
	if !p.InTestFile(fn) {
		return p.Pass.Pkg.Path() != "testing" && recv != nil && ops.CanEndTest(recv.Type())
	}
	params := fn.Signature.Params().Len()
	if params <= 1 && recv != nil && isTestName(fn.Name(), "Test") || params == 0 && recv == nil && isTestName(fn.Name(), "Example") || recv == nil && fn.Name() == "TestMain" {
		return true
	}
	for v := range fn.Signature.Params().Variables() {
		if ops.CanEndTest(v.Type()) {
			return true
		}
	}
	if recv == nil {
		return !p.OnlyTests()
	}
	t := recv.Type()
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return !ok || !p.InTestFile(named.Obj())
}

// isTestName reports whether go test takes the name for one of what it runs.
func isTestName(name, prefix string) bool {
	rest, ok := strings.CutPrefix(name, prefix)
	r, _ := utf8.DecodeRuneInString(rest)
	return ok && (rest == "" || !unicode.IsLower(r))
}

// InTestFile reports whether a function, file or object is written in a test file.
func (p *Package) InTestFile(at interface{ Pos() token.Pos }) bool {
	return strings.HasSuffix(p.Pass.Fset.Position(at.Pos()).Filename, "_test.go")
}

// OnlyTests reports whether all files of the package are test files, and test nothing
// but the package itself.
func (p *Package) OnlyTests() bool { return p.onlyTests }

func (p *Package) findOnlyTests() bool {
	return !strings.HasSuffix(p.Pass.Pkg.Name(), "_test") && !slices.ContainsFunc(p.Pass.Files, func(f *ast.File) bool { return !p.InTestFile(f) })
}

// NoReturn reports whether a call of fn never comes back: no return is
// reachable in it.
func (p *Package) NoReturn(fn *ssa.Function) bool {
	if v, ok := p.noReturn[fn]; ok {
		return v
	}
	p.noReturn[fn] = false // recursion: assume it returns
	if fn.Blocks == nil {
		return false
	}
	seen := make([]bool, len(fn.Blocks))
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	if fn.Recover != nil {
		return false // a recovered panic returns
	}
	seen[0] = true
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		ends := false
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Return:
				return false
			case *ssa.Call:
				fns, complete := p.Callees(instr)
				all := complete && len(fns) > 0
				for _, f := range fns {
					all = all && p.NoReturn(f)
				}
				ends = ends || all
			}
		}
		if ends {
			continue
		}
		for _, s := range b.Succs {
			if !seen[s.Index] {
				seen[s.Index] = true
				work = append(work, s)
			}
		}
	}
	p.noReturn[fn] = true
	return true
}

// accessor returns what a call yields when all its callee does is to return a
// part of its receiver, of an argument, or of a package variable.
func (p *Package) accessor(call *ssa.Call) *access.Ref {
	if op, x := p.Op(&call.Call); op.Kind == ops.RLocker && x != nil {
		return p.Access.ReadSide(p.Access.Of(x))
	}
	callee := call.Call.StaticCallee()
	if callee == nil {
		return nil
	}
	callee = Origin(callee)
	if callee.Blocks == nil || callee.Signature.Results().Len() != 1 || callee.Pkg != p.SSA {
		return nil
	}
	ref, ok := p.accessors[callee]
	if !ok {
		p.accessors[callee] = nil // recursion
		ref = p.returned(callee)
		p.accessors[callee] = ref
	}
	if ref == nil {
		return nil
	}
	return p.Access.Subst(ref, func(root *access.Ref) *access.Ref {
		if root.Kind == access.Global {
			return root
		}
		for i, param := range callee.Params {
			if root.Value == param && i < len(call.Call.Args) {
				return p.Access.Of(call.Call.Args[i])
			}
		}
		return nil
	})
}

// returned is the one object that fn returns, if it is reached from a
// parameter or a package variable and fn allocates nothing for it.
func (p *Package) returned(fn *ssa.Function) *access.Ref {
	var same *access.Ref
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		if len(ret.Results) != 1 {
			return nil
		}
		r := p.Access.Of(ret.Results[0])
		if same != nil && same != r {
			return nil
		}
		same = r
	}
	if same == nil || same.Kind != access.Field && same.Kind != access.Global {
		return nil
	}
	switch same.Root().Kind {
	case access.Param, access.Global:
		return same
	}
	return nil
}
