package shared

import (
	"go/ast"
	"regexp"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// excuse is how comments say that an access is meant to be as it is.
var excuse = regexp.MustCompile(`(?i)\b(un)?(lock|locks|locked|locking|mutex|race|races|racy|atomic|atomics|atomically|concurrent|concurrently|exclusive|thread.?safe)\b`)

// raw is how the comments of functions say that what they return is not a copy.
var raw = regexp.MustCompile(`(?i)\b(raw|backing|underlying|internal (map|slice|state)|(not|no|without|never)\b.{0,20}\bcop(y|ies|ied|ying)|read.?only|(not|never) (be )?(modif\w+|chang\w+|mutat\w+))\b`)

// saysRaw reports whether the comment of a function says that what it returns is
// shared.
func saysRaw(fn *ssa.Function) bool {
	decl, ok := fn.Syntax().(*ast.FuncDecl)
	if !ok || decl.Doc == nil {
		return false
	}
	text := strings.ReplaceAll(decl.Doc.Text(), "\n", " ")
	return raw.MatchString(text)
}

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
