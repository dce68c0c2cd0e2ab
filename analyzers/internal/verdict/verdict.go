// Package verdict makes checks of what the machine finds. A check says which
// verdicts are its own and words them; the grades, the schedule that leads there
// and the positions that go with it are handled here, once.
package verdict

import (
	"cmp"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/machine"
)

// Schedule is the category of findings that only some schedules lead to. They
// are reported where all of the system was explored; the flag -NAME.schedule asks
// for the others too.
const Schedule = "schedule"

// A Spec describes a check. The field Run is set by [New], which adds the machine to
// Requires and the category [Schedule].
type Spec struct {
	diag.Spec
	// Finding words a verdict. It reports false when the verdict belongs to
	// another check. The witness is attached to what it returns.
	Finding func(sp machine.Speaker, v *machine.Verdict) (diag.Finding, bool)
	// Also, if set, reports what can be told of systems that are too large to be
	// explored. told holds the positions of what has been reported.
	Also func(pass *analysis.Pass, report *diag.Reporter, told map[token.Pos]bool)
}

// New makes a check that reads the verdicts of the machine.
func New(spec Spec) *diag.Check {
	var schedule *bool
	s := spec.Spec
	s.Categories = append(s.Categories, Schedule)
	s.Requires = append([]*analysis.Analyzer{machine.Analyzer}, s.Requires...)
	s.Run = func(pass *analysis.Pass, report *diag.Reporter) error {
		sp := machine.Speaker{Pass: pass}
		told := make(map[token.Pos]bool)
		var found []diag.Finding
		same := make(map[defect]int) // index in found
		more := make(map[defect]int) // how many sends beside the first
		for _, v := range machine.Of(pass).Verdicts {
			if v.Grade == machine.Guess || v.Grade == machine.ScheduleOnly && !v.Complete && !*schedule || onPurpose(v) {
				continue
			}
			f, ok := spec.Finding(sp, v)
			if !ok {
				continue
			}
			if v.Grade == machine.ScheduleOnly {
				f.Category = Schedule
				f.Message += ", under some schedule"
			}
			f.Witness = Witness(sp, v)
			told[f.Pos] = true
			for _, r := range f.Related {
				told[r.Pos] = true
			}
			if d, ok := defectOf(sp, v, f); ok {
				if i, ok := same[d]; ok {
					first := &found[i]
					own := len(first.Related) - more[d]
					others := slices.Clone(first.Related[own:])
					first.Related = first.Related[:own]
					if f.Pos < first.Pos {
						f, *first = *first, f
					}
					others = append(others, analysis.RelatedInformation{Pos: f.Pos, End: f.End, Message: "so does this send"})
					slices.SortFunc(others, func(a, b analysis.RelatedInformation) int { return cmp.Compare(a.Pos, b.Pos) })
					first.Related = append(first.Related, others...)
					more[d]++
					continue
				}
				same[d] = len(found)
			}
			found = append(found, f)
		}
		for _, f := range found {
			report.Report(f)
		}
		if spec.Also != nil {
			spec.Also(pass, report, told)
		}
		return nil
	}
	c := diag.New(s)
	schedule = c.Analyzer.Flags.Bool(Schedule, false, "report what only some schedules lead to also where not all of them were explored")
	return c
}

// onPurpose reports whether what hangs is <-make(chan T), which says just that. In a
// goroutine it is a leak like any other.
func onPurpose(v *machine.Verdict) bool {
	recv, ok := v.Stuck[0].Instr.(*ssa.UnOp)
	if !ok || v.Kind != machine.Deadlock {
		return false
	}
	made, ok := recv.X.(*ssa.MakeChan)
	return ok && len(*made.Referrers()) == 1 && !started(recv.Parent())
}

// started reports whether the function is a literal that a go statement runs.
func started(fn *ssa.Function) bool {
	if fn.Parent() == nil {
		return false
	}
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			g, ok := instr.(*ssa.Go)
			if !ok {
				continue
			}
			switch f := g.Call.Value.(type) {
			case *ssa.Function:
				if f == fn {
					return true
				}
			case *ssa.MakeClosure:
				if f.Fn == fn {
					return true
				}
			}
		}
	}
	return false
}

// A defect is what several sends on one channel have in common, of which one
// goroutine makes one: where the channel is made, where the goroutine is started, and
// what left it waiting. One repair mends them all.
type defect struct {
	made, start, cause token.Pos
	category           string
}

func defectOf(sp machine.Speaker, v *machine.Verdict, f diag.Finding) (defect, bool) {
	x := v.Stuck[0]
	_, cause := sp.Cause(v)
	d := defect{x.Made, x.Go, cause, f.Category}
	return d, v.Kind == machine.Leak && x.Op == machine.Send && d.made.IsValid() && d.start.IsValid() && d.cause.IsValid()
}

// Witness is the schedule that leads to a verdict, for a finding.
func Witness(sp machine.Speaker, v *machine.Verdict) []diag.Step {
	var steps []diag.Step
	for _, st := range sp.Schedule(v) {
		steps = append(steps, diag.Step(st))
	}
	return steps
}
