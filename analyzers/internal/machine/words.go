package machine

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// A Speaker words what the machine saw.
type Speaker struct{ Pass *analysis.Pass }

// Place names a position for a message whose own position is at: "line 12", or
// "file.go:12" in another file.
func (sp Speaker) Place(at, pos token.Pos) string {
	p, q := sp.Pass.Fset.Position(at), sp.Pass.Fset.Position(pos)
	if p.Filename == q.Filename {
		return fmt.Sprintf("line %d", q.Line)
	}
	return fmt.Sprintf("%s:%d", filepath.Base(q.Filename), q.Line)
}

// Operation names what a goroutine is stuck at: "send on results".
func (x Stuck) Operation() string {
	on := x.Object
	switch x.Op {
	case Send:
		if on == "" {
			return "send"
		}
		return "send on " + on
	case Recv:
		if on == "" {
			return "receive"
		}
		if x.Ranges() {
			return "range over " + on
		}
		return "receive from " + on
	case Select:
		return "select"
	}
	name := "call"
	switch x.Op {
	case Lock:
		name = "Lock"
	case RLock:
		name = "RLock"
	case Wait, CondWait:
		name = "Wait"
	case Once:
		name = "Do"
	case Acquire:
		name = "Acquire"
		if call, ok := x.Instr.(ssa.CallInstruction); ok {
			if f := call.Common().StaticCallee(); f != nil {
				name = f.Name()
			}
		}
	}
	if on == "" {
		return name
	}
	return on + "." + name
}

// WantsContext reports whether what hangs is a lone send or receive that should
// watch the context whose end made the other side leave: the matter of ctxblock.
func (v *Verdict) WantsContext() bool {
	x := v.Stuck[0]
	return v.Kind == Leak && v.Context && !v.Heals && !x.Root && !x.Nil && !x.Ranges() && (x.Op == Send || x.Op == Recv)
}

// Ranges reports whether a receive is that of a range loop.
func (x Stuck) Ranges() bool {
	u, ok := x.Instr.(*ssa.UnOp)
	return ok && x.Op == Recv && u.CommaOk && u.Block() != nil && u.Block().Comment == "rangechan.loop"
}

// Receives and Sends tell what a stuck select waits for.
func (x Stuck) Receives() bool { return x.selects(types.RecvOnly) }

// Sends reports whether a stuck select has a case that sends.
func (x Stuck) Sends() bool { return x.selects(types.SendOnly) }

func (x Stuck) selects(d types.ChanDir) bool {
	s, ok := x.Instr.(*ssa.Select)
	if !ok {
		return false
	}
	for _, c := range s.States {
		if c.Dir == d {
			return true
		}
	}
	return false
}

// Cause says, as a clause, what the other goroutines did instead of serving
// the stuck one: "if run returns on line 12". The position is where; invalid
// when there is nothing to say.
func (sp Speaker) Cause(v *Verdict) (clause string, pos token.Pos) {
	at := v.Stuck[0].Pos
	inStuck := make(map[int]bool)
	for i, x := range v.Stuck {
		if x.Root {
			inStuck[0] = true
		}
		inStuck[x.Goroutine] = inStuck[x.Goroutine] || i == 0
	}
	// The last decision of the goroutine that left: of another kind, if one did.
	for _, kin := range []bool{false, true} {
		if clause, pos := sp.left(v, inStuck, kin); clause != "" {
			return clause, pos
		}
	}
	// Nobody has returned yet; what was taken in a select decides already.
	for i := len(v.Witness) - 1; i >= 0; i-- {
		st := v.Witness[i]
		if inStuck[st.Goroutine] || st.What != "selects" || st.Case < 0 {
			continue
		}
		if text, p := sp.selectCase(st); text != "" {
			return fmt.Sprintf("if %s is taken on %s", text, sp.Place(at, p)), p
		}
	}
	// Or a branch, after which there is still something to be done.
	return sp.branch(v, inStuck, 0)
}

// branch puts in words the last branch of a goroutine that is not stuck, from that step on.
func (sp Speaker) branch(v *Verdict, inStuck map[int]bool, from int) (clause string, pos token.Pos) {
	for i := len(v.Witness) - 1; i >= from; i-- {
		st := v.Witness[i]
		if _, branch := st.Instr.(*ssa.If); inStuck[st.Goroutine] || st.What != "decides" || !branch {
			continue
		}
		if d := sp.decision(ScheduleStep{}, st); d.Operation != "" && d.Pos.IsValid() {
			word := "if"
			if d.Note == "false" {
				word = "unless"
			}
			return fmt.Sprintf("%s %s on %s", word, d.Operation, sp.Place(v.Stuck[0].Pos, d.Pos)), d.Pos
		}
	}
	return "", token.NoPos
}

// left puts in words where a goroutine that is not stuck has returned; kin says that it
// can be one that runs the function of the stuck one.
func (sp Speaker) left(v *Verdict, inStuck map[int]bool, kin bool) (clause string, pos token.Pos) {
	at := v.Stuck[0].Pos
	for i := len(v.Witness) - 1; i >= 0; i-- {
		st := v.Witness[i]
		ret, ok := st.Instr.(*ssa.Return)
		if inStuck[st.Goroutine] || st.What != "ends" || !ok || !kin && ret.Parent() == v.Stuck[0].Func {
			continue
		}
		fn := ret.Parent()
		if clause, pos := sp.branch(v, inStuck, i+1); clause != "" {
			return clause, pos // somebody else has left later
		}
		// What was taken in the last select tells more than the return.
		for j := i - 1; j >= 0; j-- {
			e := v.Witness[j]
			if e.Goroutine != st.Goroutine || e.What == "decides" {
				continue
			}
			if e.What == "selects" && e.Case >= 0 {
				if text, p := sp.selectCase(e); text != "" {
					return fmt.Sprintf("if %s is taken on %s", text, sp.Place(at, p)), p
				}
			}
			break
		}
		if ret.Pos().IsValid() {
			return fmt.Sprintf("if %s returns on %s", funcName(fn), sp.Place(at, ret.Pos())), ret.Pos()
		}
		return fmt.Sprintf("after %s has returned", funcName(fn)), fn.Pos()
	}
	return "", token.NoPos
}

// Case is the text of the case of a select at pos: "<-ctx.Done()".
func (sp Speaker) Case(pos token.Pos) string {
	text, _ := sp.caseText(pos)
	return text
}

func (sp Speaker) selectCase(e Step) (string, token.Pos) {
	sel, ok := e.Instr.(*ssa.Select)
	if !ok || e.Case >= len(sel.States) {
		return "", token.NoPos
	}
	return sp.caseText(sel.States[e.Case].Pos)
}

func (sp Speaker) caseText(pos token.Pos) (string, token.Pos) {
	for _, f := range sp.Pass.Files {
		if pos < f.FileStart || pos >= f.FileEnd {
			continue
		}
		var text string
		ast.Inspect(f, func(n ast.Node) bool {
			if n == nil || n.Pos() > pos || n.End() <= pos {
				return false
			}
			switch n := n.(type) {
			case *ast.UnaryExpr:
				if n.Op == token.ARROW {
					text = types.ExprString(n)
				}
			case *ast.SendStmt:
				text = types.ExprString(n.Chan) + " <-"
			}
			return true
		})
		return text, pos
	}
	return "", token.NoPos
}

// funcName names a function as a reader knows it.
func funcName(fn *ssa.Function) string {
	if fn.Parent() != nil {
		return "the function literal"
	}
	return strings.TrimSuffix(fn.Name(), "$bound") // a method value
}

// FuncName names a function as a reader knows it.
func FuncName(fn *ssa.Function) string { return funcName(fn) }

// Related lists the other goroutines of the verdict and where the stuck one
// was started.
func (sp Speaker) Related(v *Verdict, cause token.Pos) []analysis.RelatedInformation {
	var out []analysis.RelatedInformation
	add := func(pos, end token.Pos, format string, args ...any) {
		if pos.IsValid() {
			out = append(out, analysis.RelatedInformation{Pos: pos, End: end, Message: fmt.Sprintf(format, args...)})
		}
	}
	first := v.Stuck[0]
	if first.Go.IsValid() {
		add(first.Go, first.Go+2, "the goroutine is started here")
	}
	if cause.IsValid() {
		add(cause, cause+1, "this leaves it waiting")
	}
	n := 0
	for _, list := range [][]Stuck{v.Stuck[1:], v.Also} {
		for _, x := range list {
			if n++; n > 4 {
				return out
			}
			add(x.Pos, x.End, "%s blocks forever too", x.Operation())
		}
	}
	return out
}
