package zerovalue

import (
	"cmp"
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

//go:embed doc.go
var doc string

// Check is the analyzer and what users are told about it.
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Misuse,
	Default:    true,
	Fixable:    true,
	Categories: []string{nilPointer, condWithoutLocker, nilMap, nilChannel},
	Run:        run,
})

// Analyzer is what a driver runs.
var Analyzer = Check.Analyzer

const (
	nilPointer        = "nil-pointer"
	condWithoutLocker = "cond-without-locker"
	nilMap            = "nil-map"
	nilChannel        = "nil-channel"
)

func run(pass *analysis.Pass, report *diag.Reporter) error {
	vars := collect(pass)
	if len(vars) == 0 {
		return nil
	}
	f := follow(pass, vars)
	partials(pass, report, vars)
	list := make([]*variable, 0, len(vars))
	for _, v := range vars {
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b *variable) int { return cmp.Compare(a.obj.Pos(), b.obj.Pos()) })
	for _, v := range list {
		if v.made {
			v.kind = condWithoutLocker
			v.uses = slices.DeleteFunc(v.uses, func(u use) bool { return !u.waits })
		}
		v.uses = slices.DeleteFunc(v.uses, func(u use) bool { return u.among != nil && f.offers(u.among) })
		// Whoever is given a pointer to the Cond can set its Locker.
		if v.set || v.asked || len(v.uses) == 0 || v.kind == condWithoutLocker && v.read {
			continue
		}
		// One variable is one defect: what happens first in the source.
		slices.SortFunc(v.uses, func(a, b use) int { return cmp.Compare(a.node.Pos(), b.node.Pos()) })
		report.Report(finding(pass, v, v.uses[0]))
	}
	return nil
}

// finding words the first use. may or must: whoever gets there panics or blocks,
// since the variable has no other value.
func finding(pass *analysis.Pass, v *variable, u use) diag.Finding {
	f := diag.Finding{Pos: u.node.Pos(), End: u.node.End(), Category: v.kind}
	where := "nothing sets it"
	if v.obj.IsField() || v.obj.Parent() == pass.Pkg.Scope() {
		where = "nothing in this package sets it"
	}
	name := short(u.name)
	switch v.kind {
	case nilPointer:
		f.Message = fmt.Sprintf("%s.%s panics: %s is a nil %s and %s; declare it as %s", short(u.expr), u.method, name, typeName(v.obj.Type()), where, typeName(elem(v.obj.Type())))
		f.Fix = declare(pass, v)
	case condWithoutLocker:
		f.Message = fmt.Sprintf("%s.Wait panics: %s has no Locker, since nothing sets %s.L; make it with sync.NewCond and the lock", name, name, name)
	case nilMap:
		f.Message = fmt.Sprintf("write to %s panics: the map is nil and %s; make it first", name, where)
	case nilChannel:
		if u.method == "close" {
			f.Message = fmt.Sprintf("close of %s panics: the channel is nil and %s; make it first", name, where)
		} else {
			f.Message = fmt.Sprintf("%s %s blocks forever: the channel is nil and %s; make it first", u.method, name, where)
		}
	}
	f.Related = []analysis.RelatedInformation{{Pos: v.obj.Pos(), End: v.obj.Pos() + token.Pos(len(v.obj.Name())), Message: v.obj.Name() + " is declared here"}}
	return f
}

// declare makes a value of the pointer: right where the variable is only ever
// called, and its struct is not copied by a method.
func declare(pass *analysis.Pass, v *variable) *analysis.SuggestedFix {
	star, ok := v.typ.(*ast.StarExpr)
	if !ok || v.read || v.shared || v.valueRecv(pass) {
		return nil
	}
	return &analysis.SuggestedFix{
		Message:   "declare it as " + typeName(elem(v.obj.Type())),
		TextEdits: []analysis.TextEdit{{Pos: star.Star, End: star.X.Pos()}},
	}
}

// valueRecv reports whether the struct of a field has a method that copies it.
func (v *variable) valueRecv(pass *analysis.Pass) bool {
	if v.owner == nil {
		return v.obj.IsField()
	}
	tn, ok := pass.TypesInfo.Defs[v.owner.Name].(*types.TypeName)
	if !ok {
		return true
	}
	named, ok := tn.Type().(*types.Named)
	if !ok {
		return true
	}
	for m := range named.Methods() {
		if _, ptr := m.Signature().Recv().Type().(*types.Pointer); !ptr {
			return true
		}
	}
	return false
}

// kindOf is the mistake that a variable of the type invites, if any.
func kindOf(t types.Type, local bool) string {
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		if ops.ZeroReady(u.Elem()) {
			return nilPointer
		}
	case *types.Struct:
		if ops.IsCond(t) {
			return condWithoutLocker
		}
	case *types.Map:
		return nilMap
	case *types.Chan:
		if !local {
			return nilChannel
		}
	}
	return ""
}

func elem(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

func typeName(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string { return p.Name() })
}

// short keeps an expression from filling the message.
func short(expr string) string {
	const most = 24
	if r := []rune(expr); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return expr
}
