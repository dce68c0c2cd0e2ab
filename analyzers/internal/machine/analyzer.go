package machine

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// Analyzer runs the systems of a package once for all checks. Its result is a
// [*Result]. The debug word "machine" writes what was explored, "verdicts" every
// verdict with its witness, also those that no check reports, "states" every state
// of every system.
var Analyzer = &analysis.Analyzer{
	Name:       "machine",
	Doc:        "run goroutines under every schedule\n\nThe analyzers of conclint that find leaks and deadlocks read its result; it reports nothing.",
	URL:        "https://github.com/conclint/conclint",
	Requires:   []*analysis.Analyzer{skeleton.Analyzer},
	ResultType: reflect.TypeFor[*Result](),
	Run: func(pass *analysis.Pass) (any, error) {
		res := Run(pass.ResultOf[skeleton.Analyzer].(*skeleton.Package))
		if w := skeleton.Debug("machine"); w != nil {
			res.Stats.dump(w, pass.Pkg.Path())
		}
		if w := skeleton.Debug("verdicts"); w != nil {
			for _, v := range res.Verdicts {
				v.dump(w, pass)
			}
		}
		return res, nil
	},
}

// Of is the machine's result in a pass of an analyzer that requires it.
func Of(pass *analysis.Pass) *Result { return resultOf(pass, Analyzer) }

// TypesOf runs, in a pass of an analyzer that requires [Analyzer] and that of skeleton, the
// methods of types against each other; with all, also calls that the type may not be made
// for: a second one of what stops it, and those that come later than that, or meanwhile.
func TypesOf(pass *analysis.Pass, all bool) *Result {
	res := runTypes(pass.ResultOf[skeleton.Analyzer].(*skeleton.Package), Of(pass).Verdicts, all)
	if w := skeleton.Debug("machine"); w != nil {
		res.Stats.dump(w, pass.Pkg.Path()+" types")
	}
	res.Panic.Raise()
	return res
}

func resultOf(pass *analysis.Pass, a *analysis.Analyzer) *Result {
	res := pass.ResultOf[a].(*Result)
	res.Panic.Raise()
	return res
}

// dump writes what was explored and what that took.
func (s *Stats) dump(w io.Writer, path string) {
	fmt.Fprintf(w, "%s: %d systems, %d states, %d cut, %d calls not followed, %d work, %v\n", path, s.Systems, s.States, s.Cut, s.Unfollowed, s.Work, s.Time)
	for _, r := range s.Slowest {
		fmt.Fprintf(w, "%s: %s: %d states, %d work, %v\n", path, r.Root, r.States, r.Work, r.Time)
	}
}

// dump writes a verdict and the steps of its witness.
func (v *Verdict) dump(w io.Writer, pass *analysis.Pass) {
	fmt.Fprintf(w, "%s: %s, %s, root %s, state %d of %d, complete %t\n", pass.Fset.Position(v.Stuck[0].Pos), v.Kind, v.Grade, v.Root, v.At, v.Of, v.Complete)
	if v.Doubted != nil {
		fmt.Fprintf(w, "    in doubt for %s: %s: %s\n", v.Doubt, pass.Fset.Position(skeleton.Position(v.Doubted)), v.Doubted)
	} else if v.Doubt != "" {
		fmt.Fprintf(w, "    in doubt for %s\n", v.Doubt)
	}
	for _, s := range (Speaker{pass}).Schedule(v) {
		fmt.Fprintf(w, "    %s\t%s\t%s %s\n", pass.Fset.Position(s.Pos), s.Goroutine, s.Operation, s.Note)
	}
}

// dump writes the states of a system: what each goroutine stands before, and
// where its steps lead.
func (s *system) dump(w io.Writer) {
	fset := s.ps.pkg.Pass.Fset
	at := func(instr ssa.Instruction) string {
		if instr == nil {
			return "-"
		}
		pos, _, on := Source(s.ps.pkg.Pass.Files, instr)
		p := fset.Position(pos)
		return fmt.Sprintf("%s:%d %s", filepath.Base(p.Filename), p.Line, on)
	}
	var b bytes.Buffer
	defer func() { _, _ = w.Write(b.Bytes()) }()
	fmt.Fprintf(&b, "system %s: %d states\n", s.root, len(s.nodes))
	for i, n := range s.nodes {
		fmt.Fprintf(&b, "%d (from %d) over=%v cut=%v bad=%v guess=%v\n", i, n.parent, n.st.over, n.cut, n.st.bad != nil, n.guess)
		for _, g := range n.st.gs {
			fmt.Fprintf(&b, "    g%d op %d at %s on %v\n", g.id, g.pend.op, at(g.pend.instr), g.pend.obj)
		}
		for _, e := range n.edges {
			fmt.Fprintf(&b, "    -> %d by %v:", e.to, e.movers)
			for _, ev := range e.trace.list() {
				fmt.Fprintf(&b, " g%d %s %d %s;", ev.gid, ev.what, ev.index, at(ev.instr))
			}
			fmt.Fprintln(&b)
		}
	}
}
