package chandir

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"unicode/utf8"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
)

//go:embed doc.go
var doc string

// Check finds channels whose type allows more than is done with them.
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Channels,
	Default:    true,
	Fixable:    true,
	Categories: []string{string(parameter), string(result), string(field), string(variable), closedResult},
	Requires:   []*analysis.Analyzer{inspect.Analyzer},
	Run:        run,
})

// Analyzer is what a driver runs.
var Analyzer = Check.Analyzer

func run(pass *analysis.Pass, report *diag.Reporter) error {
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	g := &graph{pass: pass, report: report, vars: make(map[*types.Var]*node)}
	g.collect(in)
	if len(g.decls) == 0 {
		return nil
	}
	g.infer(in)
	g.trace(in)
	g.solve()
	if g.pinHidden() {
		g.solve()
	}
	for _, d := range g.decls {
		if dir := d.narrowed(); dir != 0 {
			report.Report(g.finding(d, dir))
		} else if d.api {
			g.checkClosed(d)
		}
	}
	return nil
}

// finding words the finding that d can be narrowed to dir.
func (g *graph) finding(d *decl, dir direction) diag.Finding {
	var does, lets string
	switch {
	case dir == receives:
		does, lets = "only received from", "send on and close"
	case onlyClosed(d, make(map[*decl]bool)):
		does, lets = "only closed", "receive from"
	default:
		does, lets = "only sent to", "receive from"
	}
	are, it := "is", "it"
	if len(d.nodes) > 1 {
		are, it = "are", "them"
	}
	var text string
	switch d.kind {
	case parameter:
		text = fmt.Sprintf("%s %s %s, but the type lets %s %s %s", d.name(), are, does, d.owner.Name(), lets, it)
	case result:
		text = fmt.Sprintf("the result of %s is %s, but the type lets callers %s it", d.owner.Name(), does, lets)
	case field:
		text = fmt.Sprintf("%s.%s %s %s, but the type lets the package %s %s", d.owner.Name(), d.name(), are, does, lets, it)
	case variable:
		text = fmt.Sprintf("%s %s %s, but the type lets all code in scope %s %s", d.name(), are, does, lets, it)
	}
	return diag.Finding{
		Pos: d.pos, End: d.end,
		Category: string(d.kind),
		Message:  declareAs(text, d.typ, dir),
		Related:  d.evidence(dir),
		Fix:      g.fix(d, dir),
	}
}

// declareAs appends the remedy, with the whole type where that is short.
func declareAs(text string, t *ast.ChanType, dir direction) string {
	text += "; declare " + arrow(dir)
	if full := text + " " + types.ExprString(t.Value); utf8.RuneCountInString(full) <= 160 {
		return full
	}
	return text
}

// onlyClosed reports whether nothing is sent on d, here or where it flows to.
func onlyClosed(d *decl, seen map[*decl]bool) bool {
	if seen[d] {
		return true
	}
	seen[d] = true
	for _, n := range d.nodes {
		for _, u := range n.uses {
			if u.verb != "closed" {
				return false
			}
		}
		for _, f := range n.to {
			if !onlyClosed(f.to.decl, seen) {
				return false
			}
		}
	}
	return true
}

// evidence points to the first use of each variable of d.
func (d *decl) evidence(dir direction) []analysis.RelatedInformation {
	var list []analysis.RelatedInformation
	for _, n := range d.nodes {
		if len(n.uses) > 0 {
			u := n.uses[0]
			list = append(list, analysis.RelatedInformation{Pos: u.pos, End: u.end, Message: u.verb + " here"})
		} else if len(n.to) > 0 {
			f := n.to[0]
			list = append(list, analysis.RelatedInformation{
				Pos: f.pos, End: f.end, Message: fmt.Sprintf("passed on here to %s, which can be declared %s too", f.to.title(), arrow(dir)),
			})
		}
	}
	return list
}

func (n *node) title() string {
	switch {
	case n.decl.kind == result:
		return "the result of " + n.decl.owner.Name()
	case n.decl.kind == field:
		return n.decl.owner.Name() + "." + n.v.Name()
	}
	return n.v.Name()
}

func arrow(dir direction) string {
	if dir == receives {
		return "<-chan"
	}
	return "chan<-"
}

// fix rewrites the type of d, and of all declarations that the channel flows
// to, so that the fix of one finding compiles without those of the others.
// A fix stays in one file: where it would not, there is none until the other
// file has been fixed.
func (g *graph) fix(d *decl, dir direction) *analysis.SuggestedFix {
	file := g.pass.Fset.File(d.pos)
	seen := map[*decl]bool{d: true}
	todo := []*decl{d}
	var edits []analysis.TextEdit
	for len(todo) > 0 {
		d := todo[0]
		todo = todo[1:]
		if g.pass.Fset.File(d.pos) != file {
			return nil
		}
		edits = append(edits, analysis.TextEdit{
			Pos: d.typ.Begin, End: d.typ.Begin + token.Pos(len("chan")), NewText: []byte(arrow(dir)),
		})
		for _, n := range d.nodes {
			for _, f := range n.to {
				if !seen[f.to.decl] {
					seen[f.to.decl] = true
					todo = append(todo, f.to.decl)
				}
			}
		}
	}
	return &analysis.SuggestedFix{Message: "declare " + arrow(dir), TextEdits: edits}
}
