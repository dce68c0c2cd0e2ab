package machine

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"
)

// A ScheduleStep is a step of a verdict's witness in words.
type ScheduleStep struct {
	Pos, End  token.Pos
	Goroutine string // who runs; equal names are one goroutine
	Operation string // what it does
	Note      string // what comes of it
}

// Schedule words the witness of a verdict, and ends with what hangs or panics.
func (sp Speaker) Schedule(v *Verdict) []ScheduleStep {
	names := sp.goroutines(v)
	name := func(g int) string {
		if n, ok := names[g]; ok {
			return n
		}
		return fmt.Sprintf("goroutine %d", g)
	}
	var out []ScheduleStep
	for i, st := range v.Witness {
		s := ScheduleStep{Goroutine: name(st.Goroutine)}
		var object string
		if st.Instr == nil {
			if st.Func != nil { // a call of a script
				s.Pos, s.End, s.Operation = st.Pos, st.Pos+1, st.Func.Name()+"()"
				if st.What == "starts" {
					s.Operation = "go " + s.Operation
				}
				out = append(out, s)
			}
			continue
		}
		s.Pos, s.End, object = Source(sp.Pass.Files, st.Instr)
		on := func(format string) string {
			if object == "" {
				object = "it"
			}
			return fmt.Sprintf(format, object)
		}
		switch st.What {
		case "starts":
			s.Operation = "go " + name(st.Start)
		case "send":
			s.Operation = on("%s <-")
			if sel, ok := st.Instr.(*ssa.Select); ok && st.Case < len(sel.States) {
				s.Pos, s.End, s.Operation = sp.caseOf(sel, st.Case)
			}
		case "receive":
			s.Operation = on("<-%s")
			if sel, ok := st.Instr.(*ssa.Select); ok && st.Case < len(sel.States) {
				s.Pos, s.End, s.Operation = sp.caseOf(sel, st.Case)
			}
		case "selects":
			sel, ok := st.Instr.(*ssa.Select)
			switch {
			case ok && st.Case >= 0 && st.Case < len(sel.States):
				s.Pos, s.End, s.Operation = sp.caseOf(sel, st.Case)
				s.Operation = "case " + s.Operation
			default:
				s.Operation = "default"
			}
		case "close":
			s.Operation = on("close(%s)")
		case "begins":
			s.Operation = "begins, later"
		case "ends":
			s.Operation = "return"
			if len(v.Witness) == i+1 || !s.Pos.IsValid() {
				s.End = s.Pos + 1
			}
		case "decides":
			s = sp.decision(s, st)
		case "waits for", "waits on", "is woken on", "gives up on":
			s.Operation = st.What + " " + object
		default:
			s.Operation = call(st, object)
		}
		if s.Operation != "" && s.Pos.IsValid() {
			out = append(out, s)
		}
	}
	if v.Kind == LateAdd {
		for i, note := range []string{"counts too late", "returns before"} {
			x := append(v.Stuck, v.Also...)[i]
			out = append(out, ScheduleStep{Pos: x.Pos, End: x.End, Goroutine: name(x.Goroutine), Operation: sp.source(x), Note: note})
		}
		return out
	}
	panics := v.Kind != Leak && v.Kind != Deadlock
	ended := make(map[int]bool)
	for _, list := range [][]Stuck{v.Stuck, v.Also} {
		for _, x := range list {
			if ended[x.Goroutine] {
				continue // it hangs in one place only; this is another way
			}
			ended[x.Goroutine] = true
			if len(out) > 0 && panics && out[len(out)-1].Pos == x.Pos {
				out[len(out)-1].Note = "panics"
				return out
			}
			note := "blocks forever"
			if panics {
				note = "panics"
			}
			out = append(out, ScheduleStep{Pos: x.Pos, End: x.End, Goroutine: name(x.Goroutine), Operation: x.Operation(), Note: note})
		}
	}
	return out
}

// call names a call of package sync and its like: "mu.Lock()".
func call(st Step, object string) string {
	ci, ok := st.Instr.(ssa.CallInstruction)
	if !ok {
		return st.What
	}
	method := st.What
	switch common := ci.Common(); {
	case common.IsInvoke():
		method = common.Method.Name()
	case common.StaticCallee() != nil:
		method = strings.TrimSuffix(common.StaticCallee().Name(), "$bound")
	}
	if object == "" || object == method {
		return method + "()"
	}
	return object + "." + method + "()"
}

// source is the text of the operation.
func (sp Speaker) source(x Stuck) string {
	for _, f := range sp.Pass.Files {
		if x.Pos < f.FileStart || x.Pos >= f.FileEnd {
			continue
		}
		path, _ := astutil.PathEnclosingInterval(f, x.Pos, x.End)
		for _, n := range path {
			if e, ok := n.(ast.Expr); ok {
				return types.ExprString(e)
			}
		}
	}
	return x.Operation()
}

// caseOf words a case of a select.
func (sp Speaker) caseOf(sel *ssa.Select, i int) (pos, end token.Pos, text string) {
	text, pos = sp.selectCase(Step{Instr: sel, Case: i})
	return pos, pos + 1, text
}

// decision words what was decided of a condition or a length.
func (sp Speaker) decision(s ScheduleStep, st Step) ScheduleStep {
	var cond ssa.Value
	switch instr := st.Instr.(type) {
	case *ssa.If:
		cond = instr.Cond
	case *ssa.BinOp: // the end of a counting loop
		cond = instr.Y
		if _, isConst := cond.(*ssa.Const); isConst || counter(cond) {
			cond = instr.X
		}
	case *ssa.Next:
		rng, ok := instr.Iter.(*ssa.Range)
		if !ok {
			return ScheduleStep{}
		}
		cond = rng.X
	case *ssa.MakeChan:
		cond = instr.Size
	case *ssa.MakeSlice:
		cond = instr.Len
	case *ssa.Call:
		if len(instr.Call.Args) == 0 {
			return ScheduleStep{}
		}
		cond = instr.Call.Args[len(instr.Call.Args)-1]
	default:
		return ScheduleStep{}
	}
	s.Pos = cond.Pos()
	for x := cond; !s.Pos.IsValid(); {
		switch y := x.(type) {
		case *ssa.UnOp:
			x = y.X
		case *ssa.Extract:
			x = y.Tuple
		default:
			return ScheduleStep{}
		}
		s.Pos = x.Pos()
	}
	s.End = s.Pos + 1
	for _, f := range sp.Pass.Files {
		if s.Pos < f.FileStart || s.Pos >= f.FileEnd {
			continue
		}
		path, _ := astutil.PathEnclosingInterval(f, s.Pos, s.Pos+1)
		for k, n := range path {
			e, ok := n.(ast.Expr)
			if !ok {
				continue
			}
			if k+1 < len(path) {
				if sel, ok := path[k+1].(*ast.SelectorExpr); ok && sel.Sel == e {
					e = sel
				}
			}
			s.Pos, s.End, s.Operation = e.Pos(), e.End(), types.ExprString(e)
			break
		}
	}
	switch _, isNext := st.Instr.(*ssa.Next); {
	case s.Operation == "":
		return ScheduleStep{}
	case isNext:
		s.Operation, s.Note = "len("+s.Operation+")", fmt.Sprint(st.Case)
	case isBool(cond.Type()):
		s.Note = fmt.Sprint(st.Case != 0)
	default:
		s.Note = fmt.Sprint(st.Case)
	}
	return s
}

// goroutines names the goroutines of a witness: the root after its function,
// the others after theirs, with a number where there are several.
func (sp Speaker) goroutines(v *Verdict) map[int]string {
	base := func(fn *ssa.Function) string {
		switch {
		case fn == nil:
			return "goroutine"
		case fn.Parent() != nil && fn.Pos().IsValid():
			return fmt.Sprintf("func on line %d", sp.Pass.Fset.Position(fn.Pos()).Line)
		}
		return fn.Name()
	}
	names := map[int]string{0: base(v.Root)}
	if v.Script != nil {
		names[0] = "caller"
	}
	count := map[string]int{names[0]: 1}
	for _, st := range v.Witness {
		if st.What != "starts" || names[st.Start] != "" {
			continue
		}
		n := base(st.Func)
		count[n]++
		if count[n] > 1 {
			n = fmt.Sprintf("%s #%d", n, count[n])
		}
		names[st.Start] = n
	}
	return names
}
