package chanclose

import (
	_ "embed"
	"fmt"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/machine"
	"github.com/conclint/conclint/analyzers/internal/shared"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
	"github.com/conclint/conclint/analyzers/internal/verdict"
)

//go:embed doc.go
var doc string

// Check is the analyzer with its description.
var Check = verdict.New(verdict.Spec{
	Spec: diag.Spec{
		Doc:        doc,
		Family:     diag.Channels,
		Default:    true,
		Categories: []string{"send-closed", "close-closed", "close-nil", "left-in-map", "past-unlock", "past-check"},
		Requires:   []*analysis.Analyzer{skeleton.Analyzer, shared.Analyzer},
	},
	Finding: finding,
	Also:    also,
})

// Analyzer is Check's analyzer.
var Analyzer = Check.Analyzer

func finding(sp machine.Speaker, v *machine.Verdict) (diag.Finding, bool) {
	x := v.Stuck[0]
	f := diag.Finding{Pos: x.Pos, End: x.End}
	closed, where := closing(sp, v)
	switch v.Kind {
	case machine.SendClosed:
		f.Category = "send-closed"
		f.Message = fmt.Sprintf("send on %s panics if it is closed%s before", x.Object, where)
		if _, ok := x.Instr.(*ssa.Select); ok {
			f.Message = fmt.Sprintf("a send of this select panics if its channel is closed%s before", where)
		}
	case machine.CloseClosed:
		f.Category = "close-closed"
		f.Message = fmt.Sprintf("close of %s panics if it is closed%s before", x.Object, where)
	case machine.CloseNil:
		f.Category = "close-nil"
		f.Message = fmt.Sprintf("close of %s panics: it is nil here", x.Object)
	default:
		return f, false
	}
	if closed.IsValid() {
		f.Related = append(f.Related, analysis.RelatedInformation{Pos: closed, End: closed + 1, Message: "closed here"})
	}
	return f, true
}

// closing finds the close that came before, in the witness.
func closing(sp machine.Speaker, v *machine.Verdict) (token.Pos, string) {
	x := v.Stuck[0]
	for i := len(v.Witness) - 1; i >= 0; i-- {
		if st := v.Witness[i]; st.What == "close" && (st.Instr != x.Instr || i < len(v.Witness)-1) {
			if st.Instr == x.Instr {
				return token.NoPos, " by another turn or goroutine"
			}
			return st.Pos, " on " + sp.Place(x.Pos, st.Pos)
		}
	}
	return token.NoPos, ""
}
