package skeleton

import (
	"fmt"
	"io"
	"slices"
)

// Dump writes what is known of the functions, for people who work on this
// package.
func (l *Locks) Dump(w io.Writer) {
	held := func(list []Held) (s string) {
		for _, h := range list {
			s += fmt.Sprintf(" %v/%d@%v stale=%v", h.Ref, h.Mode, h.At, h.Stale)
		}
		return s
	}
	for _, fl := range l.Funcs {
		fmt.Fprintf(w, "%s cut=%v unknown=%v never=%v\n", fl.Fn, fl.Cut, fl.Summary.Unknown, fl.Summary.never)
		for _, x := range fl.Exits {
			fmt.Fprintf(w, "  exit %v%s results=%v released=%v\n", x.Instr, held(x.Held), x.Results, x.Released)
		}
		for _, e := range fl.Summary.Exits {
			fmt.Fprintf(w, "  sum exit %v when=%v post=%v results=%v\n", e.Effects, e.When, e.Post, e.Results)
		}
		for _, a := range fl.Summary.Acquires {
			fmt.Fprintf(w, "  acquires %v/%d %v when=%v held=%v\n", a.Ref, a.Mode, a.Chain, a.When, a.Held)
		}
		fmt.Fprintf(w, "  releases %v handed %d calls %v\n", fl.Summary.Releases, len(fl.Handed), fl.Summary.Calls)
		for _, ev := range fl.Events {
			fmt.Fprintf(w, "  event %d %v %v/%d %s", ev.Kind, ev.Instr, ev.Ref, ev.Mode, ev.Name)
			for _, st := range ev.States {
				fmt.Fprintf(w, " {%s }", held(st))
			}
			fmt.Fprintln(w)
		}
		var lines []string
		for at, list := range fl.Released {
			lines = append(lines, fmt.Sprintf("  released %v by %v\n", at, list))
		}
		slices.Sort(lines)
		for _, l := range lines {
			_, _ = io.WriteString(w, l)
		}
	}
}
