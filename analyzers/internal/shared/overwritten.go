package shared

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// An Overwrite is a call that fills a buffer anew while a goroutine, or who receives from a
// channel, still reads the part of it that it was given before.
type Overwrite struct {
	Given, Write ssa.Instruction
	Read         ssa.Instruction     // nil when the goroutine's function is not seen
	Go           ssa.CallInstruction // starts the goroutine
	Object       string
	View         *types.Func // the method that hands out a part of its object's buffer, or nil
}

// Overwrites returns these.
func (s *Set) Overwrites() []Overwrite {
	s.overwriteOnce.Do(func() {
		s.Pkg.Mu.Lock()
		defer s.Pkg.Mu.Unlock()
		if s.prepare() {
			s.findOverwrites()
		}
	})
	return s.overwrites
}

func (s *Set) findOverwrites() {
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) {
			continue
		}
		for _, sp := range s.spawnsOf(fn) {
			if !sp.parallel && !sp.requests && sp.how != always && len(sp.body.fn.Blocks) > 0 {
				s.overwrittenBy(fn, sp)
			}
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if g, ok := instr.(*ssa.Go); ok {
					s.overwrittenUnseen(fn, g)
				}
			}
		}
	}
}

// overwrittenBy looks at what a goroutine is given: captured or as an argument.
func (s *Set) overwrittenBy(fn *ssa.Function, sp *spawn) {
	g := sp.body.fn
	given := func(v ssa.Value, reads func() []ssa.Instruction) {
		buf := s.bufferOf(v)
		if buf == nil {
			return
		}
		renew, ok := s.renewal(fn, buf.object)
		if !ok {
			return
		}
		fills := slices.DeleteFunc(s.fillers(fn, buf, sp.at), func(w ssa.Instruction) bool { return s.lockHanded(fn, sp.at, w, g) })
		if len(fills) > 0 {
			s.overwrite(fn, sp, sp.at, buf, renew, fills, reads())
		}
	}
	for i, p := range g.Params {
		if !sp.run.any && i < len(sp.run.args) {
			given(sp.run.args[i], func() []ssa.Instruction { return s.readsOf(p, 0) })
		}
	}
	for _, fv := range g.FreeVars {
		cell := s.Pkg.Access.Cell(fv)
		if cell == nil || s.Pkg.Access.StoredOnce(cell) == nil {
			continue
		}
		given(s.Pkg.Access.StoredOnce(cell), func() (list []ssa.Instruction) {
			for _, ref := range *fv.Referrers() {
				if load, ok := ref.(*ssa.UnOp); ok && load.Op == token.MUL {
					list = append(list, s.readsOf(load, 0)...)
				}
			}
			return list
		})
	}
}

// overwrittenUnseen looks at a goroutine whose function is not known: the one thing to do
// with the filled part of a buffer is to read it. Nothing that waits may come between.
func (s *Set) overwrittenUnseen(fn *ssa.Function, g *ssa.Go) {
	fns, _ := s.Pkg.Callees(g)
	if len(fns) > 0 || slices.ContainsFunc(s.ops(fn), func(op syncOp) bool { return op.waits() && after(g, op.at) }) {
		return
	}
	for _, arg := range g.Call.Args {
		buf := s.bufferOf(arg)
		if buf == nil {
			continue
		}
		renew, ok := s.renewal(fn, buf.object)
		if !ok {
			continue
		}
		here := &thread{fn: fn, start: g}
		for _, w := range s.fillers(fn, buf, g) {
			if !s.reaches(here, w, false, nil, renew) || s.underLock(fn, w) {
				continue
			}
			s.overwrites = append(s.overwrites, Overwrite{Given: g, Write: w, Go: g, Object: buf.name, View: buf.view})
			return
		}
	}
}

// A buffer is the memory that a slice is the first part of.
type buffer struct {
	object *access.Ref
	view   *types.Func // the method of the object that has handed it out
	name   string
}

// bufferOf returns the buffer that a value is the first part of, nil when it is none, or
// none of the function's.
func (s *Set) bufferOf(v ssa.Value) *buffer {
	for {
		if _, ok := v.Type().Underlying().(*types.Slice); !ok {
			return nil
		}
		if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
			if cell := s.Pkg.Access.Cell(load.X); cell != nil && s.Pkg.Access.StoredOnce(cell) != nil {
				v = s.Pkg.Access.StoredOnce(cell)
				continue
			}
		}
		sl, ok := v.(*ssa.Slice)
		if !ok {
			break
		}
		if sl.Low != nil && !fromStart(sl.Low) {
			return nil
		}
		if _, ok := sl.X.Type().Underlying().(*types.Slice); !ok { // of an array, as make with a constant length is one
			a, ok := sl.X.(*ssa.Alloc)
			if !ok {
				return nil
			}
			object := s.Pkg.Access.Of(a)
			name := object.String()
			if !variable(a) {
				name = s.Pkg.Access.Of(sl).String()
			}
			return &buffer{object: object, name: name}
		}
		v = sl.X
	}
	call, ok := v.(*ssa.Call)
	if ex, tuple := v.(*ssa.Extract); tuple && ex.Index == 0 {
		call, ok = ex.Tuple.(*ssa.Call)
	}
	if ok {
		m := skeleton.Static(&call.Call)
		if m == nil || overwriters(m) == nil || call.Call.IsInvoke() {
			return nil
		}
		object := s.Pkg.Access.Of(call.Call.Args[0])
		return &buffer{object: object, view: m, name: object.String()}
	}
	object := s.Pkg.Access.Of(v)
	if object.Base != nil || object.Value == nil {
		return nil
	}
	return &buffer{object: object, name: object.String()}
}

// fromStart reports whether the lower bound of a slice expression is 0.
func fromStart(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.Kind() == constant.Int && constant.Sign(c.Value) == 0
}

// overwriters returns how the methods begin by which the object overwrites what the method m
// has handed out, as its documentation says; nil when m hands out nothing.
func overwriters(m *types.Func) []string {
	switch m.FullName() {
	case "(*bufio.Scanner).Bytes":
		return []string{"Scan"}
	case "(*bufio.Reader).Peek", "(*bufio.Reader).ReadSlice", "(*bufio.Reader).ReadLine":
		return []string{"Read", "Peek", "Reset", "WriteTo"}
	case "(*bytes.Buffer).Bytes", "(*bytes.Buffer).Next":
		return []string{"Write", "Reset", "ReadFrom", "Truncate"}
	}
	return nil
}

// fillers lists the calls in fn, after the instruction, that fill the buffer from its start.
func (s *Set) fillers(fn *ssa.Function, buf *buffer, from ssa.Instruction) (list []ssa.Instruction) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || !after(from, instr) {
				continue
			}
			var into ssa.Value
			if buf.view != nil {
				m := skeleton.Static(&call.Call)
				if m == nil || m.Signature().Recv() == nil || call.Call.IsInvoke() || m.Pkg() != buf.view.Pkg() || s.Pkg.Access.Of(call.Call.Args[0]) != buf.object {
					continue
				}
				if slices.ContainsFunc(overwriters(buf.view), func(p string) bool { return strings.HasPrefix(m.Name(), p) }) {
					list = append(list, instr)
				}
				continue
			}
			if b, ok := call.Call.Value.(*ssa.Builtin); ok {
				if b.Name() == "copy" || b.Name() == "clear" {
					into = call.Call.Args[0]
				}
			} else if i := fills(&call.Call); i >= 0 {
				into = skeleton.Args(&call.Call)[i]
			}
			if into == nil {
				continue
			}
			if other := s.bufferOf(into); other != nil && other.view == nil && other.object == buf.object {
				list = append(list, instr)
			}
		}
	}
	return list
}

// maxReadDepth bounds the calls between who is given a slice and who reads it.
const maxReadDepth = 3

// readsOf lists what reads the elements of the slice, in the function that has it: the
// calls that hand it to functions of the package that do, too, and to others.
func (s *Set) readsOf(v ssa.Value, depth int) (list []ssa.Instruction) {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.IndexAddr:
			for _, use := range *ref.Referrers() {
				if load, ok := use.(*ssa.UnOp); ok && load.Op == token.MUL {
					list = append(list, load)
				}
			}
		case *ssa.Convert:
			list = append(list, ref)
		case *ssa.Slice:
			list = append(list, s.readsOf(ref, depth)...)
		case *ssa.Store:
			// A variable that literals capture, or of the function's own.
			if cell, ok := ref.Addr.(*ssa.Alloc); ok && ref.Val == v && s.Pkg.Access.StoredOnce(cell) == v {
				for _, use := range *cell.Referrers() {
					if load, ok := use.(*ssa.UnOp); ok && load.Op == token.MUL {
						list = append(list, s.readsOf(load, depth)...)
					}
				}
			}
		case *ssa.Call:
			if b, ok := ref.Call.Value.(*ssa.Builtin); ok {
				if (b.Name() == "copy" || b.Name() == "append") && len(ref.Call.Args) == 2 && ref.Call.Args[1] == v {
					list = append(list, ref)
				}
				continue
			}
			if fills(&ref.Call) >= 0 {
				continue
			}
			fns, complete := s.Pkg.Callees(ref)
			if !complete || len(fns) != 1 || ref.Call.IsInvoke() || len(fns[0].Blocks) == 0 {
				list = append(list, ref)
				continue
			}
			for i, arg := range ref.Call.Args {
				if arg == v && depth < maxReadDepth && i < len(fns[0].Params) && len(s.readsOf(fns[0].Params[i], depth+1)) > 0 {
					list = append(list, ref)
				}
			}
		}
	}
	return list
}

// overwrittenSent looks at what is sent on a channel, of the buffer that a method hands out.
func (s *Set) overwrittenSent(fn *ssa.Function, send ssa.Instruction, x ssa.Value, received func(*spawn) []ssa.Value) {
	buf := s.bufferOf(x)
	if buf == nil || buf.view == nil {
		return
	}
	renew, ok := s.renewal(fn, buf.object)
	if !ok {
		return
	}
	fills := s.fillers(fn, buf, send)
	if len(fills) == 0 {
		return
	}
	for _, sp := range s.spawnsOf(fn) {
		if sp.parallel || sp.requests || len(sp.body.fn.Blocks) == 0 {
			continue
		}
		for _, v := range received(sp) {
			if s.overwrite(fn, sp, send, buf, renew, fills, s.readsOf(v, 0)) {
				return
			}
		}
	}
}

// overwrite notes the first of the calls that fill the buffer anew which nothing puts behind one
// of the reads, and reports whether there is one.
func (s *Set) overwrite(fn *ssa.Function, sp *spawn, given ssa.Instruction, buf *buffer, renew ssa.Instruction, fills, reads []ssa.Instruction) bool {
	here := &thread{fn: fn, start: given, ops: s.ops(fn)}
	for _, read := range reads {
		signals := s.signalsAfter(&sp.body, read)
		for _, w := range fills {
			if s.mayWait(fn, given, w, signals) || s.underLock(fn, w) && s.underLock(sp.body.fn, read) || !s.reaches(here, w, false, signals, renew) {
				continue
			}
			s.overwrites = append(s.overwrites, Overwrite{Given: given, Write: w, Read: read, Go: sp.statement(), Object: buf.name, View: buf.view})
			return true
		}
	}
	return false
}

// mayWait reports whether something between the instruction and the write can wait for one of
// the signals, on some way: in which turns it does, the loop may know. A function in a variable
// can be one that waits; a send in a loop of its own can fill a semaphore up.
func (s *Set) mayWait(fn *ssa.Function, from, to ssa.Instruction, signals []syncOp) bool {
	between := func(at ssa.Instruction) bool { return comesFirst(from, at, to) && after(at, to) }
	for _, op := range s.ops(fn) {
		if !op.deferred && op.waits() && between(op.at) && s.matches(&op, signals) {
			return true
		}
		if op.medium == byChannel && op.send && op.arm < 0 && between(op.at) && innerLoop(op.at, from) {
			return true
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || call.Call.IsInvoke() || call.Call.StaticCallee() != nil || !between(call) {
				continue
			}
			switch call.Call.Value.(type) {
			case *ssa.Builtin, *ssa.Parameter:
			default:
				if len(call.Call.Args) == 0 {
					return true
				}
			}
		}
	}
	return false
}

// comesFirst reports whether one comes from the first instruction to the second without passing
// the third.
func comesFirst(from, at, avoid ssa.Instruction) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	var walk func(b *ssa.BasicBlock, i int) bool
	walk = func(b *ssa.BasicBlock, i int) bool {
		for _, instr := range b.Instrs[i:] {
			switch instr {
			case at:
				return true
			case avoid:
				return false
			}
		}
		for _, next := range b.Succs {
			if !seen[next] {
				seen[next] = true
				if walk(next, 0) {
					return true
				}
			}
		}
		return false
	}
	return walk(from.Block(), slices.Index(from.Block().Instrs, from)+1)
}

// innerLoop reports whether the instruction is in a loop that the other one is not in.
func innerLoop(at, other ssa.Instruction) bool {
	if !loops(at.Block()) || at.Block() == other.Block() {
		return false
	}
	// Leaving out the other's block, it comes back to itself.
	seen := map[*ssa.BasicBlock]bool{other.Block(): true}
	var back func(b *ssa.BasicBlock) bool
	back = func(b *ssa.BasicBlock) bool {
		for _, next := range b.Succs {
			if next == at.Block() {
				return true
			}
			if !seen[next] {
				seen[next] = true
				if back(next) {
					return true
				}
			}
		}
		return false
	}
	return back(at.Block())
}

// lockHanded reports whether the function takes a lock between the two, or has it when the
// goroutine starts, that the goroutine unlocks without having taken it.
func (s *Set) lockHanded(fn *ssa.Function, from, to ssa.Instruction, g *ssa.Function) bool {
	lent := classes(s.lent(g))
	if len(lent) == 0 {
		fl := s.Pkg.Locks().Of(g)
		return fl != nil && slices.ContainsFunc(fl.Events, func(ev *skeleton.Event) bool { return ev.Kind == skeleton.UnlockEvent && !ev.Matched })
	}
	return slices.ContainsFunc(s.ops(fn), func(op syncOp) bool {
		return op.medium == byLock && op.acquire && comesFirst(from, op.at, to)
	})
}

// signalsAfter lists what the thread does after the instruction that another can wait for,
// but for the locks that it releases.
func (s *Set) signalsAfter(t *thread, at ssa.Instruction) (signals []syncOp) {
	for _, op := range s.releasesAfter(t, &Access{At: at}) {
		if op.medium != byLock {
			signals = append(signals, op)
		}
	}
	return signals
}

// DescribeOverwrite puts an overwrite in words: where to point and the message.
func (s *Set) DescribeOverwrite(o *Overwrite) (pos, end token.Pos, message string, related []analysis.RelatedInformation) {
	pos, end = s.Source(o.Write)
	given, givenEnd := s.Source(o.Given)
	what := "the buffer " + o.Object
	if o.View != nil {
		what = "what " + o.Object + "." + o.View.Name() + " returned"
	}
	message = fmt.Sprintf("this overwrites %s, which the goroutine started on %s can still be reading; give each goroutine a copy of its own", what, s.PlaceOf(pos, o.Go.Pos()))
	related = []analysis.RelatedInformation{{Pos: given, End: givenEnd, Message: "given away here"}}
	if o.Read != nil {
		read, readEnd := s.Source(o.Read)
		related = append(related, analysis.RelatedInformation{Pos: read, End: readEnd, Message: "read here"})
	}
	return pos, end, message, related
}
