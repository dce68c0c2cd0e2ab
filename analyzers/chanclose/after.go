package chanclose

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/machine"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// What one function does to a channel, itself or in what it calls, one after the
// other. It is a must: the close is on every way to what follows it, and of what a
// called function does only that counts which it does on every way, or, of a send,
// what only its arguments decide. A function that recovers or stores another
// channel in between is left alone.

// A use is a close of a channel, or a send on it.
type use struct {
	ch    *access.Ref
	close bool
	at    ssa.Instruction // in the function: the operation, or the call or defer that leads to it
	leaf  ssa.Instruction
	sure  bool // on every way through the function
}

type follower struct {
	pkg  *skeleton.Package
	uses map[*ssa.Function][]use
}

// maxCalls bounds how many calls deep a use is looked for.
const maxCalls = 3

// follow reports what is done to a channel that the same function has closed.
func follow(pass *analysis.Pass, report *diag.Reporter, told map[token.Pos]bool) {
	f := &follower{pass.ResultOf[skeleton.Analyzer].(*skeleton.Package), make(map[*ssa.Function][]use)}
	f.pkg.Mu.Lock()
	defer f.pkg.Mu.Unlock()
	if !f.pkg.Built() {
		return
	}
	for _, fn := range f.pkg.Funcs {
		if f.pkg.InTest(fn) || f.pkg.Recovers(fn) {
			continue
		}
		list := f.of(fn, 0)
		for _, a := range list {
			if !a.close {
				continue
			}
			for _, b := range list {
				if b.at == a.at || b.ch != a.ch || !behind(a.at, b.at) || f.renewed(fn, a.ch) || skeleton.IsDefer(b.at) && !skeleton.MayReturn(a.at) {
					continue
				}
				f.tell(pass, report, told, a, b)
			}
		}
	}
}

func (f *follower) tell(pass *analysis.Pass, report *diag.Reporter, told map[token.Pos]bool, a, b use) {
	pos, end, _ := machine.Source(pass.Files, b.at)
	closed, closedEnd, _ := machine.Source(pass.Files, a.at)
	leaf, _, _ := machine.Source(pass.Files, b.leaf)
	if told[pos] || told[closed] || told[leaf] {
		return
	}
	told[pos], told[closed] = true, true
	sp := machine.Speaker{Pass: pass}
	where := sp.Place(pos, closed)
	d := diag.Finding{Pos: pos, End: end, Category: "close-closed", Related: []analysis.RelatedInformation{{Pos: closed, End: closedEnd, Message: "closed here"}}}
	if skeleton.IsDefer(b.at) {
		where += ", which runs before"
	}
	what := "close of " + b.ch.String()
	if !b.close {
		d.Category, what = "send-closed", "send on "+b.ch.String()
	}
	if b.leaf != b.at {
		what = fmt.Sprintf("the call leads to a %s (%s), which", what, sp.Place(pos, leaf))
	}
	d.Message = fmt.Sprintf("%s panics: it is closed on %s", what, where)
	report.Report(d)
}

// of lists what the function does to channels that it can name.
func (f *follower) of(fn *ssa.Function, depth int) []use {
	if list, ok := f.uses[fn]; ok {
		return list
	}
	f.uses[fn] = nil // of a recursive function
	var list []use
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Send:
				list = append(list, use{ch: f.pkg.Access.Of(instr.Chan), at: instr, leaf: instr, sure: always(fn, instr)})
			case *ssa.Go:
			case ssa.CallInstruction:
				list = append(list, f.call(fn, instr, depth)...)
			}
		}
	}
	f.uses[fn] = list
	return list
}

// call is what a call or defer statement does.
func (f *follower) call(fn *ssa.Function, call ssa.CallInstruction, depth int) (list []use) {
	common := call.Common()
	if bi, ok := common.Value.(*ssa.Builtin); ok {
		if bi.Name() == "close" {
			list = append(list, use{ch: f.pkg.Access.Of(common.Args[0]), close: true, at: call, leaf: call, sure: always(fn, call)})
		}
		return list
	}
	callee := common.StaticCallee()
	if callee == nil || depth >= maxCalls {
		return nil
	}
	callee = skeleton.Origin(callee)
	if callee.Pkg != f.pkg.SSA || callee.Parent() != nil || f.pkg.Recovers(callee) {
		return nil
	}
	for _, u := range f.of(callee, depth+1) {
		if u.close && (!u.sure || f.renewed(callee, u.ch)) || !u.close && !u.sure && (!decidedByArgs(u.at) || slices.ContainsFunc(common.Args, written)) {
			continue
		}
		ch := f.pkg.Access.Subst(u.ch, func(root *access.Ref) *access.Ref {
			if root.Kind == access.Global {
				return root
			}
			pm, ok := root.Value.(*ssa.Parameter)
			if !ok || pm.Parent() != callee || len(common.Args) != len(callee.Params) {
				return nil
			}
			return f.pkg.Access.Of(common.Args[slices.Index(callee.Params, pm)])
		})
		if ch != nil {
			list = append(list, use{ch: ch, close: u.close, at: call, leaf: u.leaf, sure: u.sure && always(fn, call)})
		}
	}
	return list
}

// behind reports whether b is executed after a in the same call, if it is executed
// at all, and has always a before it. In a loop each turn may have its own channel.
func behind(a, b ssa.Instruction) bool {
	switch {
	case skeleton.IsDefer(a) && skeleton.IsDefer(b):
		return skeleton.Dominates(b, a) && !skeleton.Loops(a) // the one deferred last comes first
	case skeleton.IsDefer(b):
		return skeleton.Dominates(b, a)
	case skeleton.IsDefer(a):
		return false
	}
	return skeleton.Dominates(a, b) && !skeleton.Loops(a)
}

// written reports whether an argument is a constant or a literal, which may be the one
// that makes the function not send.
func written(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.UnOp:
		a, ok := v.X.(*ssa.Alloc)
		return ok && v.Op == token.MUL && a.Comment == "complit"
	case *ssa.Alloc:
		return v.Comment == "complit"
	case *ssa.MakeInterface:
		return written(v.X)
	}
	return false
}

// always reports whether every way through the function comes to the instruction.
func always(fn *ssa.Function, instr ssa.Instruction) bool {
	if skeleton.Loops(instr) {
		return false
	}
	found := false
	for _, b := range fn.Blocks {
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && b != fn.Recover {
			if !instr.Block().Dominates(b) {
				return false
			}
			found = true
		}
	}
	return found
}

// decidedByArgs reports whether the ways to the instruction part only at conditions
// of the values that the function was given, and not of what lies behind a pointer.
func decidedByArgs(instr ssa.Instruction) bool {
	for b := instr.Block(); b != nil; b = b.Idom() {
		if b == instr.Block() {
			continue
		}
		if br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok && !given(br.Cond, 0) {
			return false
		}
	}
	return true
}

func given(v ssa.Value, depth int) bool {
	if depth > 8 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.Parameter:
		return true
	case *ssa.BinOp:
		return given(v.X, depth+1) && given(v.Y, depth+1)
	case *ssa.Field:
		return given(v.X, depth+1)
	case *ssa.Call:
		bi, ok := v.Call.Value.(*ssa.Builtin)
		return ok && bi.Name() == "len" && given(v.Call.Args[0], depth+1)
	case *ssa.UnOp:
		if v.Op != token.MUL {
			return v.Op == token.NOT && given(v.X, depth+1)
		}
		addr := v.X
		for {
			fa, ok := addr.(*ssa.FieldAddr)
			if !ok {
				break
			}
			addr = fa.X
		}
		_, own := addr.(*ssa.Alloc) // the copy of an argument
		return own
	}
	return false
}

// renewed reports whether the function, or one it calls, may put another channel where
// this one is, or is not known not to.
func (f *follower) renewed(fn *ssa.Function, ch *access.Ref) bool {
	fields := make(map[*types.Var]bool)
	for ; ch.Kind == access.Field; ch = ch.Base {
		fields[ch.Field] = true
	}
	switch ch.Kind {
	case access.Param, access.Result, access.Global:
	case access.Alloc:
		if _, ok := ch.Value.(*ssa.MakeChan); !ok && len(fields) == 0 {
			return true // a variable that closures share
		}
	default:
		return true
	}
	if ch.Kind == access.Global && len(fields) == 0 {
		return true
	}
	return len(fields) > 0 && f.stores(fn, fields, make(map[*ssa.Function]bool))
}

// stores reports whether a field is set, or a struct that has it as a whole.
func (f *follower) stores(fn *ssa.Function, fields map[*types.Var]bool, seen map[*ssa.Function]bool) bool {
	if seen[fn] {
		return false
	}
	seen[fn] = true
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if fa, ok := instr.Addr.(*ssa.FieldAddr); ok && fields[access.FieldOf(fa.X.Type(), fa.Field)] {
					return true
				}
				if st, ok := instr.Val.Type().Underlying().(*types.Struct); ok {
					for i := range st.NumFields() {
						if fields[st.Field(i).Origin()] {
							return true
						}
					}
				}
			case ssa.CallInstruction:
				fns, _ := f.pkg.Callees(instr)
				if slices.ContainsFunc(fns, func(g *ssa.Function) bool { return f.stores(g, fields, seen) }) {
					return true
				}
			}
		}
	}
	return false
}
