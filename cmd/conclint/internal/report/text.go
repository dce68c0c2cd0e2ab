package report

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
)

// Terminal attributes, used only when colour is on.
const (
	bold   = "1"
	red    = "1;31"
	green  = "1;32"
	yellow = "1;33"
	cyan   = "36"
)

// longLine is the number of characters from which on a source line is cut down to the neighbourhood of the finding.
const longLine = 200

type textPrinter struct {
	*run
	bytes.Buffer
}

func renderText(r *run) ([]byte, error) {
	p := &textPrinter{run: r}
	for _, f := range r.findings {
		p.finding(f)
	}
	return p.Bytes(), nil
}

func (p *textPrinter) finding(f Finding) {
	colour := yellow
	if p.level(f) == "error" {
		colour = red
	}
	message := strings.ReplaceAll(shown(f.Message), "\n", "\n\t")
	fmt.Fprintf(p, "%s %s %s\n", p.paint(bold, place(f.Range)+":"), p.paint(colour, message), p.paint(cyan, "("+f.Analyzer+")"))
	if p.Context >= 0 {
		p.snippet(f.Range)
	}
	for _, rel := range f.Related {
		fmt.Fprintf(p, "\t%s %s\n", p.paint(bold, place(rel.Range)+":"), strings.ReplaceAll(shown(rel.Message), "\n", "\n\t\t"))
	}
	for _, fix := range f.Fixes {
		hint := "fix"
		if fix.Message != "" {
			hint += ": " + strings.ReplaceAll(shown(fix.Message), "\n", "\n\t\t")
		}
		if len(fix.Edits) > 0 {
			hint += " (" + toolName + " -fix)"
		}
		fmt.Fprintf(p, "\t%s\n", p.paint(green, hint))
	}
	if p.Witness && len(f.Witness) > 0 {
		p.witness(f.Witness)
	}
}

// snippet prints the source line of r, dedented, with a caret below; or, with context, numbered lines as they are.
func (p *textPrinter) snippet(r Range) {
	src := p.src.of(r)
	line, ok := src.line(r.Line)
	if !ok {
		return
	}
	start, end := span(line, r)
	if p.Context == 0 {
		trimmed := strings.TrimLeft(line, " \t")
		indent := len(line) - len(trimmed)
		if start >= 0 && start < indent { // the finding is in the white space itself
			trimmed, indent = line, 0
		}
		p.numbered("\t", "\t", trimmed, start-indent, end-indent)
		return
	}
	first, last := max(1, r.Line-p.Context), r.Line+p.Context
	width := len(fmt.Sprint(last))
	for n := first; n <= last; n++ {
		line, ok := src.line(n)
		if !ok {
			break
		}
		gutter, below := fmt.Sprintf("\t%*d | ", width, n), fmt.Sprintf("\t%*s | ", width, "")
		if n == r.Line {
			p.numbered(gutter, below, line, start, end)
		} else {
			p.numbered(gutter, below, line, -1, -1)
		}
	}
}

// numbered prints a source line behind a gutter, and, unless start is negative, a line with the caret behind another.
func (p *textPrinter) numbered(gutter, below, line string, start, end int) {
	line, start, end = window(line, start, end)
	fmt.Fprintln(p, strings.TrimRight(gutter+shown(line), " \t"))
	if start >= 0 {
		blank, mark := caret(line, start, end)
		fmt.Fprintf(p, "%s%s%s\n", below, blank, p.paint(green, mark))
	}
}

// span returns the part of line that r covers, as offsets; negative if r has no column that is in the line.
func span(line string, r Range) (start, end int) {
	start, end = r.Column-1, r.Column-1
	if start < 0 || start > len(line) {
		return -1, -1
	}
	switch {
	case r.EndLine > r.Line:
		end = len(strings.TrimRight(line, " \t"))
	case r.EndLine == r.Line:
		end = min(r.EndColumn-1, len(line))
	}
	return start, max(start, end)
}

// window cuts a very long line down to the neighbourhood of the span.
func window(line string, start, end int) (string, int, int) {
	if len(line) <= longLine || len([]rune(line)) <= longLine {
		return line, start, end
	}
	before, rest := []rune(line[:max(start, 0)]), []rune(line[max(start, 0):])
	head, tail := "", ""
	if len(before) > longLine/2 {
		head, before = "…", before[len(before)-longLine/2:]
	}
	if room := longLine - len(before); len(rest) > room {
		rest, tail = rest[:room], "…"
	}
	cut := head + string(before) + string(rest) + tail
	if start < 0 {
		return cut, -1, -1
	}
	from := len(head) + len(string(before))
	return cut, from, min(from+end-start, len(cut))
}

// caret returns the white space below line[:start] and the mark below line[start:end]. Tabs stay tabs, so both line up
// with the source whatever a tab is worth.
func caret(line string, start, end int) (blank, mark string) {
	var b, m strings.Builder
	for _, r := range line[:start] {
		if r == '\t' {
			b.WriteByte('\t')
		} else {
			b.WriteString(strings.Repeat(" ", width(show(r))))
		}
	}
	for _, r := range line[start:end] {
		if r == '\t' && m.Len() > 0 {
			m.WriteByte('\t')
		} else {
			m.WriteString(strings.Repeat("~", width(show(r))))
		}
	}
	mark = m.String()
	if mark == "" {
		return b.String(), "^"
	}
	return b.String(), "^" + mark[1:]
}

// witness prints a table: a row per step, a column per goroutine.
func (p *textPrinter) witness(steps []Step) {
	places := []string{"at"}
	columns := make(map[string]int)
	var names []string
	var widths []int
	cells := make([]string, len(steps))
	for i, s := range steps {
		places = append(places, place(Range{File: s.File, Line: s.Line}))
		col, ok := columns[s.Goroutine]
		if !ok {
			col = len(names)
			columns[s.Goroutine] = col
			names = append(names, shown(s.Goroutine))
			widths = append(widths, textWidth(names[col]))
		}
		cells[i] = strings.ReplaceAll(shown(stepText(s)), "\n", " ")
		widths[col] = max(widths[col], textWidth(cells[i]))
	}
	placeWidth := 0
	for _, s := range places {
		placeWidth = max(placeWidth, textWidth(s))
	}
	number := len(fmt.Sprint(len(steps)))
	row := func(n, at string, cell func(col int) string) {
		line := fmt.Sprintf("\t%*s  %s", number, n, pad(at, placeWidth))
		for col := range names {
			line += "  " + pad(cell(col), widths[col])
		}
		fmt.Fprintln(p, strings.TrimRight(line, " "))
	}
	row("", places[0], func(col int) string { return names[col] })
	for i, s := range steps {
		row(fmt.Sprint(i+1), places[i+1], func(col int) string {
			if col == columns[s.Goroutine] {
				return cells[i]
			}
			return ""
		})
	}
}

// stepText tells a step in words.
func stepText(s Step) string {
	switch {
	case s.Note == "":
		return s.Operation
	case s.Operation == "":
		return s.Note
	}
	return s.Operation + ": " + s.Note
}

// place prints a position as editors and terminals make a link of it.
func place(r Range) string {
	s := shown(r.File)
	if s == "" {
		s = "-"
	}
	if r.Line > 0 {
		s += fmt.Sprintf(":%d", r.Line)
		if r.Column > 0 {
			s += fmt.Sprintf(":%d", r.Column)
		}
	}
	return s
}

func (p *textPrinter) paint(attr, s string) string {
	if !p.Color || s == "" {
		return s
	}
	return "\x1b[" + attr + "m" + s + "\x1b[0m"
}

// shown returns text that is safe to print on a terminal.
func shown(text string) string { return strings.Map(show, text) }

// show replaces control characters, which could command the terminal, and those that turn the direction of writing around,
// which could make source look like other source.
func show(r rune) rune {
	switch {
	case r == '\t' || r == '\n':
		return r
	case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
		return unicode.ReplacementChar
	}
	return r
}

// width returns how many columns of a terminal a character takes: none for combining marks and joiners, two for the wide
// characters of East Asia and for emoji.
func width(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf), r >= 0x1160 && r <= 0x11FF:
		return 0
	case r >= 0x1100 && r <= 0x115F, // Hangul initial consonants
		r >= 0x2E80 && r <= 0x303E, r >= 0x3041 && r <= 0xA4CF, // CJK, Kana, Yi
		r >= 0xA960 && r <= 0xA97C, r >= 0xAC00 && r <= 0xD7A3, // Hangul
		r >= 0xF900 && r <= 0xFAFF, r >= 0xFE30 && r <= 0xFE6F, // CJK compatibility forms
		r >= 0xFF01 && r <= 0xFF60, r >= 0xFFE0 && r <= 0xFFE6, // full-width forms
		r >= 0x1F300 && r <= 0x1F64F, r >= 0x1F680 && r <= 0x1F6FF, // emoji
		r >= 0x1F900 && r <= 0x1F9FF, r >= 0x1FA70 && r <= 0x1FAFF,
		r >= 0x20000 && r <= 0x3FFFD: // rare CJK
		return 2
	}
	return 1
}

func textWidth(s string) int {
	n := 0
	for _, r := range s {
		n += width(r)
	}
	return n
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-textWidth(s)))
}
