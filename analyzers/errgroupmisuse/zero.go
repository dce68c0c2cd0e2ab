package errgroupmisuse

import (
	"fmt"
	"go/constant"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// zero looks for the limit 0: it leaves no slot, and Go waits for one. No limit is a
// negative one.
func (c *checker) zero(g *group) {
	var set *use
	for i, u := range g.uses {
		if u.kind != ops.GroupSetLimit {
			continue
		}
		v := c.Pass.TypesInfo.Types[u.call.Args[0]].Value
		if v == nil || constant.Sign(v) != 0 {
			return // another one may come after it
		}
		if set == nil {
			set = &g.uses[i]
		}
	}
	if set == nil {
		return
	}
	for _, u := range g.uses {
		if u.kind != ops.GroupGo || source.Local(g.v) && u.call.Pos() < set.call.Pos() {
			continue
		}
		c.report.Report(diag.Finding{
			Pos: set.call.Pos(), End: set.call.End(), Category: zeroLimit,
			Message: fmt.Sprintf("%s leaves no slot: %s on line %d blocks forever; a negative limit is none", source.Short(set.call), source.Short(u.call.Fun), c.Line(u.call)),
			Related: source.Related(u.call, "Go waits for a slot here"),
		})
		return
	}
}
