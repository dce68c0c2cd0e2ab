package shared

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A Reuse is a write to what has been sent on a channel, by who has sent it, while the
// goroutine that has received it can still read it: the field of an object, or the
// elements of a slice.
type Reuse struct {
	Send, Write, Read ssa.Instruction
	Go                ssa.CallInstruction // starts the goroutine, nil where it is none of the sender's
	Object            string
	Field             *types.Var // nil for the elements of a slice
}

// Reuses returns these.
func (s *Set) Reuses() []Reuse {
	s.reuseOnce.Do(func() {
		s.Pkg.Mu.Lock()
		defer s.Pkg.Mu.Unlock()
		if s.prepare() {
			s.findReuses()
		}
	})
	return s.reuses
}

func (s *Set) findReuses() {
	for _, fn := range s.Pkg.Funcs {
		if s.inTest(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Send:
					s.reused(fn, instr, instr.Chan, instr.X, nil)
				case *ssa.Select:
					for i, st := range instr.States {
						if st.Send != nil {
							s.reused(fn, instr, st.Chan, st.Send, armBlock(instr, i))
						}
					}
				}
			}
		}
	}
}

// reused looks at one send; arm is what a select executes when it has sent.
func (s *Set) reused(fn *ssa.Function, send ssa.Instruction, ch, x ssa.Value, arm *ssa.BasicBlock) {
	switch t := x.Type().Underlying().(type) {
	case *types.Slice:
	case *types.Pointer:
		if _, ok := t.Elem().Underlying().(*types.Struct); !ok {
			return
		}
	default:
		return
	}
	s.overwrittenSent(fn, send, x, func(sp *spawn) []ssa.Value { return s.received(sp, s.Pkg.Access.Of(ch)) })
	object := s.Pkg.Access.Of(unsliced(x))
	if object.Base != nil || object.Value == nil {
		return
	}
	renew, ok := s.renewal(fn, object)
	if phi, is := object.Value.(*ssa.Phi); is && phi.Parent() == fn {
		renew, ok = phi, true // another object, perhaps, in each turn
	}
	if !ok {
		return
	}
	var writes []write
	for _, b := range fn.Blocks {
		if _, sel := send.(*ssa.Select); sel && (arm == nil || !arm.Dominates(b)) {
			continue
		}
		for _, instr := range b.Instrs {
			if w, ok := s.writesTo(object, instr); ok && after(send, instr) {
				writes = append(writes, w)
			}
		}
	}
	if len(writes) == 0 || s.reusedElsewhere(fn, send, ch, object, writes, renew) {
		return
	}
	spawns := s.spawnsOf(fn)
	if outer := skeleton.Outermost(fn); outer != fn {
		spawns = append(spawns[:len(spawns):len(spawns)], s.spawnsOf(outer)...)
	}
	here := &thread{fn: fn, start: send, ops: s.ops(fn)}
	for _, sp := range spawns {
		g := sp.body.fn
		if g == fn || sp.parallel || sp.requests || len(g.Blocks) == 0 {
			continue
		}
		for _, v := range s.received(sp, s.Pkg.Access.Of(ch)) {
			for _, w := range writes {
				read := reads(v, w.field)
				if read == nil || s.underLock(fn, w.at) && s.underLock(g, read) {
					continue
				}
				signals := s.signalsAfter(&sp.body, read)
				if s.reaches(here, w.at, false, signals, renew) {
					s.reuses = append(s.reuses, Reuse{Send: send, Write: w.at, Read: read, Go: sp.statement(), Object: object.String(), Field: w.field})
					return
				}
			}
		}
	}
}

// reusedElsewhere notes the first of the writes that the sender comes to without waiting for
// anything, while a function that receives from the same field, in another goroutine, reads
// what it has received, without waiting either; and reports whether there is one.
func (s *Set) reusedElsewhere(fn *ssa.Function, send ssa.Instruction, ch ssa.Value, object *access.Ref, writes []write, renew ssa.Instruction) bool {
	class := s.Pkg.Access.Of(ch).Class()
	if class.Var == nil || !class.Var.IsField() {
		return false
	}
	waits := func(fn *ssa.Function, from ssa.Instruction) *barrier {
		others := slices.DeleteFunc(slices.Clone(s.ops(fn)), func(op syncOp) bool { return op.at == from })
		return s.barrier(&thread{fn: fn, start: from, ops: others}, []syncOp{{medium: byAll}})
	}
	free := waits(fn, send)
	for _, g := range s.receivers(class) {
		c := s.contexts[g]
		if g == fn || s.inTest(g) || c == nil || c.quiet || c.api || len(c.by) == 0 || s.sameGoroutine(fn, g) {
			continue
		}
		for _, got := range s.receivedFrom(g, class) {
			reader := waits(g, got.at)
			for _, w := range writes {
				if s.underLock(fn, w.at) || s.excused(w.at) || !free.reaches(w.at, false, renew) {
					continue
				}
				if read := s.readsWithin(g, got.v, w.field, reader); read != nil {
					s.reuses = append(s.reuses, Reuse{Send: send, Write: w.at, Read: read, Object: object.String(), Field: w.field})
					return true
				}
			}
		}
	}
	return false
}

// readsWithin returns what reads the field of the received object, or the elements of the slice,
// in the function that receives it or in one to which it gives it, before that waits.
func (s *Set) readsWithin(g *ssa.Function, v ssa.Value, field *types.Var, reader *barrier) ssa.Instruction {
	if read := reads(v, field); read != nil && !s.underLock(g, read) && reader.reaches(read, false, nil) {
		return read
	}
	for _, ref := range *v.Referrers() {
		call, ok := ref.(*ssa.Call)
		if !ok || !reader.reaches(call, false, nil) || s.underLock(g, call) {
			continue
		}
		callee := call.Call.StaticCallee()
		if callee == nil || len(callee.Blocks) == 0 || s.inTest(callee) {
			continue
		}
		for i, arg := range call.Call.Args {
			if arg != v || i >= len(callee.Params) {
				continue
			}
			body := s.barrier(&thread{fn: callee, ops: s.ops(callee)}, []syncOp{{medium: byAll}})
			if read := reads(callee.Params[i], field); read != nil && !s.underLock(callee, read) && body.reaches(read, false, nil) {
				return read
			}
		}
	}
	return nil
}

// A receipt is a value and the receive or select that it comes from.
type receipt struct {
	v  ssa.Value
	at ssa.Instruction
}

// receivedFrom lists what the function receives from channels of a class.
func (s *Set) receivedFrom(fn *ssa.Function, class access.Class) (list []receipt) {
	return receipts(fn, func(ch ssa.Value) bool { return s.Pkg.Access.Of(ch).Class() == class })
}

func (s *Set) underLock(fn *ssa.Function, at ssa.Instruction) bool {
	held, known := s.heldAt(fn, at)
	return !known || len(held) > 0
}

// unsliced is what a slice is a part of.
func unsliced(v ssa.Value) ssa.Value {
	for {
		sl, ok := v.(*ssa.Slice)
		if !ok {
			return v
		}
		v = sl.X
	}
}

type write struct {
	at    ssa.Instruction
	field *types.Var
}

// writesTo reports whether the instruction writes to a field of the object, or to the
// elements of the slice that it is.
func (s *Set) writesTo(object *access.Ref, instr ssa.Instruction) (w write, ok bool) {
	is := func(v ssa.Value) bool { return s.Pkg.Access.Of(unsliced(v)) == object }
	switch instr := instr.(type) {
	case *ssa.Store:
		switch addr := instr.Addr.(type) {
		case *ssa.FieldAddr:
			if structOf(addr.X.Type()) != nil && is(addr.X) {
				return write{instr, structOf(addr.X.Type()).Field(addr.Field).Origin()}, true
			}
		case *ssa.IndexAddr:
			return write{at: instr}, is(addr.X)
		}
	case *ssa.Call:
		if b, ok := instr.Call.Value.(*ssa.Builtin); ok {
			return write{at: instr}, b.Name() == "copy" && is(instr.Call.Args[0])
		}
		if i := fills(&instr.Call); i >= 0 {
			return write{at: instr}, is(skeleton.Args(&instr.Call)[i])
		}
	}
	return write{}, false
}

// fills returns the argument that the call reads into, a slice of bytes, or -1: of methods
// like those that io.Reader and net.PacketConn have, which return how much it was, and of
// functions of package io and the system that do the same.
func fills(call *ssa.CallCommon) int {
	fn := skeleton.Static(call)
	if fn == nil {
		return -1
	}
	switch fn.FullName() {
	case "io.ReadFull", "io.ReadAtLeast", "syscall.Read", "syscall.Recvfrom", "golang.org/x/sys/unix.Read", "golang.org/x/sys/unix.Recvfrom":
		return 1
	}
	sig := fn.Signature()
	if !strings.HasPrefix(fn.Name(), "Read") || sig.Recv() == nil || sig.Params().Len() == 0 || sig.Results().Len() < 2 {
		return -1
	}
	sl, ok := sig.Params().At(0).Type().Underlying().(*types.Slice)
	if !ok || !types.Identical(sl.Elem(), types.Typ[types.Byte]) || !types.Identical(sig.Results().At(0).Type(), types.Typ[types.Int]) {
		return -1
	}
	return 0
}

// received lists the values that the goroutine receives from the channel.
func (s *Set) received(sp *spawn, ch *access.Ref) (list []ssa.Value) {
	for _, got := range receipts(sp.body.fn, func(v ssa.Value) bool {
		r := s.Pkg.Access.Of(v)
		return r == ch || s.translate(sp.run, r) == ch
	}) {
		list = append(list, got.v)
	}
	return list
}

// receipts lists what the function receives from channels that is holds for.
func receipts(fn *ssa.Function, is func(ch ssa.Value) bool) (list []receipt) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.UnOp:
				if instr.Op != token.ARROW || !is(instr.X) {
					continue
				}
				if !instr.CommaOk {
					list = append(list, receipt{instr, instr})
				} else if v := extracted(instr, 0); v != nil {
					list = append(list, receipt{v, instr})
				}
			case *ssa.Select:
				n := 2
				for _, st := range instr.States {
					if st.Dir != types.RecvOnly {
						continue
					}
					if v := extracted(instr, n); v != nil && is(st.Chan) {
						list = append(list, receipt{v, instr})
					}
					n++
				}
			}
		}
	}
	return list
}

func extracted(tuple ssa.Value, i int) ssa.Value {
	for _, ref := range *tuple.Referrers() {
		if ex, ok := ref.(*ssa.Extract); ok && ex.Index == i {
			return ex
		}
	}
	return nil
}

// reads returns what reads the field of a received object, or with none the elements of
// a received slice; nil when nothing is seen to.
func reads(v ssa.Value, field *types.Var) ssa.Instruction {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr:
			if st := structOf(ref.X.Type()); field == nil || st == nil || st.Field(ref.Field).Origin() != field {
				continue
			}
			for _, load := range *ref.Referrers() {
				if u, ok := load.(*ssa.UnOp); ok && u.Op == token.MUL {
					return u
				}
			}
		case *ssa.UnOp:
			if ref.Op == token.MUL && field != nil {
				return ref
			}
		case *ssa.IndexAddr:
			if field == nil {
				return ref
			}
		case *ssa.Convert:
			if field == nil {
				return ref
			}
		case *ssa.Slice:
			if field == nil {
				if r := reads(ref, nil); r != nil {
					return r
				}
			}
		case *ssa.Call:
			if b, ok := ref.Call.Value.(*ssa.Builtin); field == nil && (!ok || b.Name() == "copy" && ref.Call.Args[1] == v) {
				return ref
			}
		}
	}
	return nil
}

// DescribeReuse puts a reuse in words: where to point and the message.
func (s *Set) DescribeReuse(r *Reuse) (pos, end token.Pos, message string, related []analysis.RelatedInformation) {
	pos, end = s.Source(r.Write)
	sent, sentEnd := s.Source(r.Send)
	read, readEnd := s.Source(r.Read)
	name, what := r.Object, "the elements of "+r.Object
	if r.Field != nil {
		what = name + "." + r.Field.Name()
	}
	message = fmt.Sprintf("write of %s races with the read on %s: %s was sent on %s to the goroutine that reads it; make a new one for each send",
		what, s.PlaceOf(pos, read), name, s.PlaceOf(pos, sent))
	related = []analysis.RelatedInformation{
		{Pos: sent, End: sentEnd, Message: "sent here"},
		{Pos: read, End: readEnd, Message: "read here by the receiver"},
	}
	if r.Go != nil {
		start, startEnd := s.Spawn(r.Go)
		related = append(related, analysis.RelatedInformation{Pos: start, End: startEnd, Message: "a goroutine is started here"})
	}
	return pos, end, message, related
}
