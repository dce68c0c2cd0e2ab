package shared

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// Does names what an access does: "write" or "read".
func Does(a *Access) string {
	if a.Write {
		return "write"
	}
	return "read"
}

// By names the method that makes an access: " by WriteString"; empty for none.
func By(a *Access) string {
	if a.By == nil {
		return ""
	}
	return " by " + a.By.Name()
}

// Place is the position of an access as messages name it: "line 12", or
// "file.go:12" seen from another file.
func (s *Set) Place(from token.Pos, a *Access) string {
	pos, _ := s.Range(a)
	return s.PlaceOf(from, pos)
}

// PlaceOf is Place for a position.
func (s *Set) PlaceOf(from, pos token.Pos) string {
	p, q := s.Pass.Fset.Position(from), s.Pass.Fset.Position(pos)
	if p.Filename == q.Filename {
		return fmt.Sprintf("line %d", q.Line)
	}
	return fmt.Sprintf("%s:%d", filepath.Base(q.Filename), q.Line)
}

// A Text is a conflict in words: where to point, and the part of the message
// that precedes the remedy.
type Text struct {
	Pos, End  token.Pos
	At, Other *Access // the write that is pointed at, and its counterpart
	Name      string  // of what is accessed
	Message   string
	Related   []analysis.RelatedInformation
	Start     token.Pos // of the goroutine
	Starts    string    // where that is: "line 12"
	Against   string    // "the read on line 12", "itself"
}

// Describe puts a conflict in words. It points at a write: of two, at the
// goroutine's.
func (s *Set) Describe(c *Conflict) Text {
	t := Text{At: &c.A, Other: &c.B}
	if !t.At.Write {
		t.At, t.Other = t.Other, t.At
	}
	t.Pos, t.End = s.Range(t.At)
	t.Name = s.Name(t.At)
	t.Related = s.Related(c, t.Other)
	if c.Go != nil {
		t.Start, _ = s.Spawn(c.Go)
		t.Starts = s.PlaceOf(t.Pos, t.Start)
	}
	t.Against = fmt.Sprintf("the %s%s on %s", Does(t.Other), By(t.Other), s.Place(t.Pos, t.Other))
	if t.Other.Leaf == t.At.Leaf {
		t.Against = "itself"
	}
	of := "of"
	if c.A.Map {
		of = "to"
	}
	t.Message = fmt.Sprintf("write %s %s%s races with %s: ", of, t.Name, By(t.At), t.Against)
	if c.A.Spare {
		t.Against = strings.Replace(t.Against, "write", "append", 1)
		t.Message = fmt.Sprintf("append into the spare capacity of %s races with %s: ", t.Name, t.Against)
	}
	switch {
	case c.Parallel:
		t.Message += "the subtests of " + t.Starts + " run in parallel"
	case c.Way == Request:
		t.Message += "requests are served at the same time"
	case c.Several:
		t.Message += "the call on " + t.Starts + " runs it in several goroutines"
	case c.Way == Again:
		t.Message += t.Starts + " starts a goroutine in each turn of the loop"
	case c.Way == Sibling:
		other, _ := s.Spawn(c.Other)
		t.Message += fmt.Sprintf("the goroutines of %s and %s run at the same time", t.Starts, s.PlaceOf(t.Pos, other))
	case c.Abandoned:
		t.Message += "the call on " + t.Starts + " runs it in a goroutine, and can return before that ends"
	default:
		t.Message += "nothing on the way there waits for the goroutine of " + t.Starts
	}
	return t
}

// DescribeBreak puts an access without its lock in words: where to point, the
// category, the message, and the counterpart.
func (s *Set) DescribeBreak(u *Unguarded) (pos, end token.Pos, category, message string, related []analysis.RelatedInformation) {
	pos, end = s.Range(&u.At)
	name, thing, does := s.Name(&u.At)+By(&u.At), "slice", Does(&u.At)+" of"
	if u.At.Map {
		thing = "map"
		if u.At.Write {
			does = "write to"
		}
	}
	against := func() string {
		if u.Against.Leaf == u.At.Leaf {
			return "the same write in another goroutine"
		}
		return fmt.Sprintf("the %s%s on %s", Does(&u.Against), By(&u.Against), s.Place(pos, &u.Against))
	}
	switch u.Break {
	case ReadHeld:
		category = "read-lock"
		message = fmt.Sprintf("%s %s under %s.RLock races with %s, which can hold it too; take %s.Lock", does, name, u.Name, against(), u.Name)
	case Returned:
		category = "returned"
		if u.Entry {
			name = "an entry of " + name
		}
		message = fmt.Sprintf("returning %s hands out the %s itself: its reader races with %s, under %s; return a copy", name, thing, against(), u.Name)
	case Taken:
		category = "taken-out"
		from, _ := s.Source(u.Use)
		message = fmt.Sprintf("%s %s races with %s, under %s: %s was taken out from under that lock on %s; %s it while the lock is held",
			does, name, against(), u.Name, strings.TrimSuffix(s.Name(&u.At), "."+u.At.Ref.Field.Name()), s.PlaceOf(pos, from), Does(&u.At))
	case Shown:
		category = "taken-out"
		from, _ := s.Source(u.Use)
		what := s.shownName(&u.At)
		message = fmt.Sprintf("read of %s.%s by %s races with %s, under %s: %s was taken out from under that lock on %s; copy it while that is held",
			what, u.At.Ref.Field.Name(), s.calledName(u.At.Leaf), against(), u.Name, what, s.PlaceOf(pos, from))
	case Reread:
		category = "reread"
		from, _ := s.Source(u.Use)
		message = fmt.Sprintf("read of %s past the unlock races with %s, under %s, which takes away what was read on %s; keep that in a variable",
			name, against(), u.Name, s.PlaceOf(pos, from))
	case OtherLock:
		category = "two-locks"
		message = fmt.Sprintf("%s %s under %s races with %s, under %s: two locks keep nobody apart; take the same one", does, name, u.Name, against(), u.Other)
	case OtherObject:
		category = "other-object"
		message = fmt.Sprintf("%s %s under %s, the lock of another object, races with %s; lock %s too", does, name, u.Other, against(), u.Name)
	case Sent:
		category = "sent"
		message = fmt.Sprintf("sending %s hands over the %s itself: the receiver's reads race with %s, under %s; send a copy", name, thing, against(), u.Name)
	case Kept:
		category = "past-unlock"
		taken := pos
		pos, end = s.Source(u.Use)
		message = fmt.Sprintf("the %s taken from %s on %s is used past the unlock, which races with %s, under %s; copy it first",
			thing, name, s.PlaceOf(pos, taken), against(), u.Name)
	case NotHeld:
		category = "unguarded"
		if u.Single {
			message = fmt.Sprintf("%s %s without %s races with %s, which holds it; lock it here too", does, name, u.Name, against())
			break
		}
		if u.Own && u.Next != nil {
			next, _ := s.Source(u.Next)
			message = fmt.Sprintf("%s %s before %s is locked on %s races with %s, which holds it; lock it first", does, name, u.Name, s.PlaceOf(pos, next), against())
			break
		}
		message = fmt.Sprintf("%s %s without %s races with %s: %d of %d accesses hold %s; lock it here too",
			does, name, u.Name, against(), u.Held, u.All, u.Lock.Name())
	}
	from, to := s.Range(&u.Against)
	return pos, end, category, message, []analysis.RelatedInformation{{Pos: from, End: to, Message: "the other access, a " + Does(&u.Against)}}
}

// calledName is the name of what a call calls.
func (s *Set) calledName(at ssa.Instruction) string {
	if call, ok := at.(*ssa.Call); ok && call.Call.StaticCallee() != nil {
		return skeleton.Origin(call.Call.StaticCallee()).Name()
	}
	return "the call"
}

// shownName is what the argument is called that is read as a whole.
func (s *Set) shownName(a *Access) string {
	if call, ok := s.node(a).(*ast.CallExpr); ok {
		for _, arg := range call.Args {
			if t := s.Pass.TypesInfo.TypeOf(arg); t != nil && structOf(t) != nil && structOf(t) == structOf(s.shownType(a)) {
				switch arg.(type) {
				case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr:
					return types.ExprString(arg)
				}
			}
		}
	}
	return a.Ref.Base.String()
}

// shownType is the type of the object that is read as a whole.
func (s *Set) shownType(a *Access) types.Type {
	for _, sh := range s.whole(a.Leaf.(*ssa.Call), 0) {
		if s.Pkg.Access.Of(sh.v) == a.Ref.Base {
			return sh.v.Type()
		}
	}
	return types.Typ[types.Invalid]
}

// Told reports whether the finding about the lock that guards the variable says
// what the conflict says, and more, if it is told: all of these are, or only what is by default.
func (s *Set) Told(c *Conflict, all bool) bool {
	for i := range s.Unguarded() {
		u := &s.unguarded[i]
		if !u.Single && (all || u.ByDefault()) && (u.At.Leaf.Parent() == c.A.Leaf.Parent() || u.At.Leaf.Parent() == c.B.Leaf.Parent()) && (s.Line(&u.At) == s.Line(&c.A) || s.Line(&u.At) == s.Line(&c.B)) {
			return true
		}
	}
	return false
}

// ToldBy reports whether a conflict, or a check that is out of date when it is acted upon, says
// what the finding says, and more.
func (u *Unguarded) ToldBy(s *Set) bool {
	if u.Next != nil && slices.ContainsFunc(s.Gaps(), func(g Gap) bool {
		return g.Check.Parent() == u.At.Leaf.Parent() && s.Line(&Access{Leaf: g.Check}) == s.Line(&u.At)
	}) {
		return true
	}
	return u.Single && slices.ContainsFunc(s.Conflicts(), func(c Conflict) bool {
		for _, a := range []*Access{&c.A, &c.B} {
			if u.At.Leaf.Parent() == a.Leaf.Parent() && s.Line(&u.At) == s.Line(a) {
				return true
			}
		}
		return false
	})
}

// UnderReadLock reports whether the write, under a read lock, is told as a race, in its line.
func (s *Set) UnderReadLock(write ssa.Instruction) bool {
	line := func(i ssa.Instruction) int { return s.Pass.Fset.Position(near(i)).Line }
	return slices.ContainsFunc(s.Unguarded(), func(u Unguarded) bool {
		return u.Break == ReadHeld && u.At.Leaf.Parent() == write.Parent() && line(u.At.Leaf) == line(write)
	})
}

// Category is the kind of a conflict.
func (c *Conflict) Category() string {
	switch {
	case c.Parallel:
		return "subtests"
	case c.Way == Request:
		return "requests"
	case c.Way == Again:
		return "instances"
	case c.Way == Sibling:
		return "siblings"
	}
	return "spawner"
}

// Related is the counterpart of a finding, with the place that starts the
// goroutines.
func (s *Set) Related(c *Conflict, other *Access) []analysis.RelatedInformation {
	pos, end := s.Range(other)
	list := []analysis.RelatedInformation{{Pos: pos, End: end, Message: "the other access, a " + Does(other)}}
	var starts []ssa.CallInstruction
	if c.Go != nil {
		starts = append(starts, c.Go)
	}
	if c.Way == Sibling {
		starts = append(starts, c.Other)
	}
	for _, g := range starts {
		pos, end := s.Spawn(g)
		list = append(list, analysis.RelatedInformation{Pos: pos, End: end, Message: "a goroutine is started here"})
	}
	return list
}

// Loop returns the innermost loop around pos within its function, or nil.
func (s *Set) Loop(pos token.Pos) ast.Stmt {
	var loop ast.Stmt
	for _, f := range s.Pass.Files {
		if pos < f.FileStart || pos >= f.FileEnd {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if n == nil || pos < n.Pos() || pos >= n.End() {
				return n == nil || false
			}
			switch n := n.(type) {
			case *ast.ForStmt:
				loop = n
			case *ast.RangeStmt:
				loop = n
			case *ast.FuncLit, *ast.FuncDecl:
				loop = nil
			}
			return true
		})
	}
	return loop
}

// LoopVar returns the loop that declares the variable, or nil.
func (s *Set) LoopVar(v *types.Var) ast.Stmt {
	if v == nil {
		return nil
	}
	loop := s.Loop(v.Pos())
	in := func(e ast.Expr) bool {
		id, ok := e.(*ast.Ident)
		return ok && id.Pos() == v.Pos()
	}
	switch l := loop.(type) {
	case *ast.RangeStmt:
		if l.Key != nil && in(l.Key) || l.Value != nil && in(l.Value) {
			return l
		}
	case *ast.ForStmt:
		if as, ok := l.Init.(*ast.AssignStmt); ok {
			for _, e := range as.Lhs {
				if in(e) {
					return l
				}
			}
		}
	}
	return nil
}
