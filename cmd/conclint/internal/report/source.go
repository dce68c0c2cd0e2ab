package report

import (
	"bytes"
	"cmp"
	"slices"
	"unicode/utf8"
)

// sources reads each source file at most once.
type sources struct {
	read  func(string) ([]byte, error)
	files map[string]*source
}

func newSources(read func(string) ([]byte, error)) *sources {
	return &sources{read, make(map[string]*source)}
}

// file returns a source file, or nil (on which every method works) if it cannot be read.
func (s *sources) file(name, abs string) *source {
	path := cmp.Or(abs, name)
	if path == "" {
		return nil
	}
	f, ok := s.files[path]
	if !ok {
		if data, err := s.read(path); err == nil {
			f = newSource(data)
		}
		s.files[path] = f
	}
	return f
}

// of returns the source file of a range.
func (s *sources) of(r Range) *source { return s.file(r.File, r.Abs) }

// A source is the text of a file. A nil one has no lines.
type source struct {
	data   []byte
	starts []int // offset of each line
}

func newSource(data []byte) *source {
	f := &source{data: data, starts: []int{0}}
	for i, b := range data {
		if b == '\n' {
			f.starts = append(f.starts, i+1)
		}
	}
	return f
}

// line returns line n without its end, and whether there is such a line.
func (f *source) line(n int) (string, bool) {
	if f == nil || n < 1 || n > len(f.starts) {
		return "", false
	}
	text := f.data[f.starts[n-1]:]
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		text = text[:i]
	} else if len(text) == 0 && n > 1 {
		return "", false // behind the last newline
	}
	return string(bytes.TrimSuffix(text, []byte("\r"))), true
}

// position turns a byte offset into a line and a column in bytes.
func (f *source) position(offset int) (line, column int, ok bool) {
	if f == nil || offset < 0 || offset > len(f.data) {
		return 0, 0, false
	}
	i, found := slices.BinarySearch(f.starts, offset)
	if !found {
		i--
	}
	return i + 1, offset - f.starts[i] + 1, true
}

// slice returns the text from start to end, and whether the file reaches that far.
func (f *source) slice(start, end int) (string, bool) {
	if f == nil || start < 0 || start > end || end > len(f.data) {
		return "", false
	}
	return string(f.data[start:end]), true
}

// utf16Column turns a 1-based column in bytes into a 1-based column in UTF-16 code units. A column outside the line, or in
// a line that is not there, comes back as it is.
func (f *source) utf16Column(line, column int) int {
	text, ok := f.line(line)
	if !ok || column < 1 || column > len(text)+1 {
		return column
	}
	units := 1
	for _, r := range text[:column-1] {
		units++
		if r > 0xFFFF { // a surrogate pair
			units++
		}
	}
	return units
}

// utf16 returns r with its columns in UTF-16 code units.
func (s *sources) utf16(r Range) Range {
	f := s.of(r)
	r.Column = f.utf16Column(r.Line, r.Column)
	r.EndColumn = f.utf16Column(r.EndLine, r.EndColumn)
	return r
}

// editRange returns the stretch that an edit replaces, with columns in bytes; false if the source does not show it.
func (s *sources) editRange(e Edit) (Range, bool) {
	f := s.file(e.File, e.Abs)
	r := Range{File: e.File, Abs: e.Abs}
	var ok, ok2 bool
	r.Line, r.Column, ok = f.position(e.Start)
	r.EndLine, r.EndColumn, ok2 = f.position(e.End)
	return r, ok && ok2 && e.Start <= e.End
}

// merge makes one edit of all those of a fix, by keeping the text between them, for formats whose edits may be applied one by
// one. It fails if they lie in several files, overlap, or the source cannot be read.
func (s *sources) merge(fix Fix) (Edit, bool) {
	if len(fix.Edits) == 0 {
		return Edit{}, false
	}
	edits := slices.Clone(fix.Edits)
	slices.SortStableFunc(edits, func(a, b Edit) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	all := edits[0]
	f := s.file(all.File, all.Abs)
	for _, e := range edits[1:] {
		between, ok := f.slice(all.End, e.Start)
		if !ok || e.File != all.File {
			return Edit{}, false
		}
		all.New += between + e.New
		all.End = e.End
	}
	return all, true
}

// valid returns text as UTF-8, with U+FFFD for what is not.
func valid(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return string([]rune(text))
}
