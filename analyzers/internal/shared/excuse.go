package shared

import (
	"regexp"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// excuse is how comments say that an access is meant to be as it is.
var excuse = regexp.MustCompile(`(?i)\b(un)?(lock|locks|locked|locking|mutex|race|races|racy|atomic|atomics|atomically|concurrent|concurrently|exclusive|thread.?safe)\b`)

// excused reports whether the comment above the line of the instruction speaks
// of locks or races.
func (s *Set) excused(at ssa.Instruction) bool {
	pos := s.Pass.Fset.PositionFor(near(at), false)
	if s.comments == nil {
		s.comments = make(map[string]map[int]string)
		for _, f := range s.Pass.Files {
			lines := make(map[int]string)
			for _, g := range f.Comments {
				start := s.Pass.Fset.PositionFor(g.Pos(), false)
				end := s.Pass.Fset.PositionFor(g.End(), false)
				lines[end.Line] = strings.Repeat(" ", start.Column) + g.Text()
				s.comments[end.Filename] = lines
			}
		}
	}
	text := s.comments[pos.Filename][pos.Line-1]
	// One that stands farther to the right belongs to the line that it is on.
	indent := len(text) - len(strings.TrimLeft(text, " "))
	return indent <= pos.Column && excuse.MatchString(strings.ReplaceAll(text, "\n", " "))
}
