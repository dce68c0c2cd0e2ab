package driver

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/conclint/conclint/analyzers"
	"github.com/conclint/conclint/cmd/conclint/internal/report"
)

// readTrees reads what go vet -json prints: one JSON value per package, and perhaps lines of comment between them. It must survive
// any garbage in between (an analyzer that prints, say), so values are framed by their first and last lines.
func (r *runner) readTrees(stdout io.Reader) (units int, err error) {
	in := bufio.NewReaderSize(stdout, 1<<16)
	var value []byte
	var garbage string
	for {
		line, err := in.ReadBytes('\n')
		text := bytes.TrimRight(line, "\r\n")
		switch {
		case value == nil && bytes.HasPrefix(text, []byte("{")):
			value = append([]byte{}, line...)
		case value != nil:
			value = append(value, line...)
		case len(text) > 0 && text[0] != '#':
			garbage = cmp.Or(garbage, string(text))
		}
		if value != nil && bytes.HasSuffix(text, []byte("}")) && text[0] != ' ' && text[0] != '\t' {
			if err := r.tree(value); err != nil {
				garbage = cmp.Or(garbage, err.Error())
			}
			value = nil
			units++
			r.units++
			r.progress.done()
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return units, err
		}
	}
	if value != nil {
		garbage = cmp.Or(garbage, "it ends in the middle of a value")
	}
	if garbage != "" {
		return units, fmt.Errorf("unexpected: %s", garbage)
	}
	return units, nil
}

// What the tool prints; see package driverutil of x/tools, which is internal.
type (
	diagnostic struct {
		Category string `json:"category"`
		Posn     string `json:"posn"`
		End      string `json:"end"`
		Message  string `json:"message"`
		Fixes    []struct {
			Message string `json:"message"`
			Edits   []struct {
				Filename string `json:"filename"`
				Start    int    `json:"start"`
				End      int    `json:"end"`
				New      string `json:"new"`
			} `json:"edits"`
		} `json:"suggested_fixes"`
		Related []struct {
			Posn    string `json:"posn"`
			End     string `json:"end"`
			Message string `json:"message"`
		} `json:"related"`
	}
	analyzerError struct {
		Err string `json:"error"`
	}
)

// A finding is one whose paths are still absolute: each writer prints them its own way.
type finding = report.Finding

// tree takes the findings out of one value: package ID -> analyzer -> diagnostics or error.
func (r *runner) tree(value []byte) error {
	var tree map[string]map[string]json.RawMessage
	if err := json.Unmarshal(value, &tree); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(tree)) {
		pkg, _, _ := strings.Cut(id, " ") // "p [p.test]"
		for _, name := range slices.Sorted(maps.Keys(tree[id])) {
			raw := tree[id][name]
			if bytes.HasPrefix(raw, []byte("{")) {
				var failure analyzerError
				if err := json.Unmarshal(raw, &failure); err != nil {
					return err
				}
				// An analyzer that could not run because another failed is not worth a line.
				if !strings.HasPrefix(failure.Err, "failed prerequisites") {
					r.problem(fmt.Sprintf("conclint: analyzer %s failed on package %s: %s", name, pkg, failure.Err))
				}
				continue
			}
			var diagnostics []diagnostic
			if err := json.Unmarshal(raw, &diagnostics); err != nil {
				return err
			}
			for _, d := range diagnostics {
				if d.Category == analyzers.InternalError {
					r.problem("conclint: " + d.Message)
					continue
				}
				r.add(pkg, name, d)
			}
		}
	}
	return nil
}

func (r *runner) add(pkg, analyzer string, d diagnostic) {
	f := finding{
		Analyzer: analyzer,
		Category: d.Category,
		Message:  d.Message,
		Package:  pkg,
		Range:    makeRange(d.Posn, d.End),
	}
	if i := slices.IndexFunc(r.opts.checks, func(c *analyzers.Check) bool { return c.Name == analyzer }); i >= 0 {
		c := r.opts.checks[i]
		f.URL = c.Analyzer.URL
		if slices.Contains(c.Categories, d.Category) {
			f.URL += "#" + d.Category
		}
	}
	for _, rel := range d.Related {
		if st, ok := analyzers.ParseStep(rel.Message); ok {
			f.Witness = append(f.Witness, report.Step{
				Range: makeRange(rel.Posn, rel.End), Goroutine: st.Goroutine, Operation: st.Operation, Note: st.Note,
			})
			continue
		}
		f.Related = append(f.Related, report.Related{Range: makeRange(rel.Posn, rel.End), Message: rel.Message})
	}
	for _, fix := range d.Fixes {
		out := report.Fix{Message: fix.Message}
		for _, e := range fix.Edits {
			out.Edits = append(out.Edits, report.Edit{Abs: e.Filename, Start: e.Start, End: e.End, New: e.New})
		}
		f.Fixes = append(f.Fixes, out)
	}
	if !r.opts.tests && strings.HasSuffix(f.Abs, "_test.go") {
		return
	}
	r.findings = append(r.findings, f)
}

// makeRange makes a range of the positions of its ends.
func makeRange(start, end string) report.Range {
	file, line, col := parsePosition(start)
	r := report.Range{Abs: file, Line: line, Column: col}
	if endFile, endLine, endCol := parsePosition(end); endFile == file && (endLine > line || endLine == line && endCol > col) {
		r.EndLine, r.EndColumn = endLine, endCol
	}
	return r
}

// parsePosition splits "file:line:col", "file:line" or "file", as token.Position prints it; the file may hold colons itself. An unknown
// position is "-" and comes back empty.
func parsePosition(s string) (file string, line, col int) {
	if s == "-" || s == "" {
		return "", 0, 0
	}
	file, last, ok := cutNumber(s)
	if !ok {
		return s, 0, 0
	}
	if shorter, line, ok := cutNumber(file); ok {
		return shorter, line, last
	}
	return file, last, 0
}

// cutNumber cuts ":number" off the end.
func cutNumber(s string) (string, int, bool) {
	i := strings.LastIndexByte(s, ':')
	if i <= 0 {
		return s, 0, false
	}
	n, err := strconv.Atoi(s[i+1:])
	if err != nil || n < 0 {
		return s, 0, false
	}
	return s[:i], n, true
}
