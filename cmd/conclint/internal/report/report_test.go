package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/conclint/conclint/cmd/conclint/internal/report"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// at is a range of a file whose source is testdata/src/FILE.
func at(file string, line, column, endLine, endColumn int) report.Range {
	return report.Range{File: file, Abs: filepath.Join("testdata", "src", filepath.FromSlash(file)), Line: line, Column: column, EndLine: endLine, EndColumn: endColumn}
}

// odd is a range of a file whose name needs escaping in every format that escapes.
func odd(line, column, endLine, endColumn int) report.Range {
	r := at("bank/settle.go", line, column, endLine, endColumn)
	r.File = "bank/a b#1,2:é.go"
	return r
}

// samples are the findings of all goldens, sorted.
func samples() []report.Finding {
	return []report.Finding{
		{ // a name to be escaped, several lines, an analyzer without a rule
			Analyzer: "custom",
			Message:  "transfer(a, b, 1) is 100% <wrong> & \"quoted\",\nover: two lines",
			Range:    odd(6, 2, 8, 5),
		},
		{ // a cross-file Related, and a witness over three files
			Analyzer: "lockorder",
			Category: "reversed",
			Package:  "example.com/bank",
			Message:  "to.mu.Lock while holding from.mu reverses the order on line 11 and in settle (a b#1,2:é.go:4): two goroutines can block each other forever",
			Range:    at("bank/transfer.go", 19, 2, 19, 14),
			Related: []report.Related{
				{Range: odd(4, 2, 4, 13), Message: "b.mu is locked here, before a.mu"},
				{Range: at("bank/transfer.go", 11, 2, 11, 14), Message: "to.mu is locked here"},
			},
			Witness: []report.Step{
				{Goroutine: "transfer(a, b)", Range: at("bank/transfer.go", 17, 2, 17, 16), Operation: "from.mu.Lock", Note: "holds a.mu"},
				{Goroutine: "settle(a, b)", Range: odd(4, 2, 4, 13), Operation: "b.mu.Lock", Note: "holds b.mu"},
				{Goroutine: "transfer(a, b)", Range: at("bank/transfer.go", 19, 2, 19, 14), Operation: "to.mu.Lock", Note: "blocks forever"},
				{Goroutine: "settle(a, b)", Range: at("bank/transfer.go", 17, 2, 17, 16), Operation: "from.mu.Lock", Note: "blocks forever"},
			},
		},
		{ // a position without column, a level of its own
			Analyzer: "copylock",
			Category: "range",
			Package:  "example.com/bank",
			Message:  "range copies accounts[i].mu; range over the index",
			Range:    at("bank/transfer.go", 26, 0, 0, 0),
		},
		{ // source that is not there
			Analyzer: "copylock",
			Category: "assign",
			Message:  "assignment copies s.mu; use a pointer",
			Range:    at("gone.go", 7, 3, 7, 9),
			Fixes:    []report.Fix{{Message: "use a pointer", Edits: []report.Edit{{File: "gone.go", Abs: "gone.go", Start: 70, End: 76, New: "&s"}}}},
		},
		{ // a non-ASCII line, and a fix elsewhere in the file
			Analyzer: "abandoned",
			Category: "timeout",
			Package:  "example.com",
			URL:      "https://example.com/abandoned#timeout",
			Message:  "send on results blocks forever if ctx is done before the receive on line 22; make results with capacity 1",
			Range:    at("search.go", 18, 30, 18, 50),
			Related:  []report.Related{{Range: at("search.go", 22, 12, 22, 21), Message: "the only receive"}},
			Fixes: []report.Fix{{
				Message: "make results with capacity 1",
				Edits:   []report.Edit{sampleEdit()},
			}},
		},
	}
}

// sampleEdit inserts the capacity into make(chan string).
func sampleEdit() report.Edit {
	src := "testdata/src/search.go"
	data, err := os.ReadFile(src)
	if err != nil {
		panic(err)
	}
	offset := strings.Index(string(data), "make(chan string") + len("make(chan string")
	return report.Edit{File: "search.go", Abs: src, Start: offset, End: offset, New: ", 1"}
}

func options() report.Options {
	return report.Options{
		Version: "v1.2.3",
		Rules: []report.Rule{
			{
				Name:       "lockorder",
				Summary:    "locks taken in both orders",
				Doc:        "# lockorder\n\nTwo goroutines that take `a` and `b` in opposite orders\nblock each other.\n\n```go\na.Lock()\n```\n",
				URL:        "https://example.com/lockorder",
				Family:     "deadlock",
				Level:      "error",
				Categories: []string{"reversed"},
			},
			{Name: "abandoned", Summary: "a goroutine that nobody waits for", Doc: "# abandoned\nIt blocks & stays.\n", URL: "https://example.com/abandoned", Family: "leak", Default: true, Fixable: true, Precision: "very-high"},
			{Name: "copylock", Summary: "a copied lock", Default: true, Level: "note"},
			{Name: "unused", Summary: "an analyzer without findings", Default: true},
		},
	}
}

// render returns what a format makes of findings.
func render(t *testing.T, format string, opts report.Options, findings []report.Finding) string {
	t.Helper()
	var b bytes.Buffer
	w, err := report.New(format, &b, opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(findings); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	type golden struct {
		name, format string
		change       func(*report.Options)
	}
	var goldens []golden
	for _, format := range report.Formats() {
		goldens = append(goldens, golden{format, format, func(*report.Options) {}})
	}
	goldens = append(goldens,
		golden{"text-context", "text", func(o *report.Options) { o.Context = 2 }},
		golden{"text-witness", "text", func(o *report.Options) { o.Witness, o.Context = true, -1 }},
		golden{"text-color", "text", func(o *report.Options) { o.Color = true }},
	)
	for _, g := range goldens {
		t.Run(g.name, func(t *testing.T) {
			opts := options()
			g.change(&opts)
			got := render(t, g.format, opts, samples())
			if again := render(t, g.format, opts, samples()); again != got {
				t.Error("a second run gives other bytes")
			}
			file := filepath.Join("testdata", g.name+".golden")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("output differs from %s (go test -update rewrites it); got:\n%s", file, got)
			}
		})
	}
}

func TestSamplesAreSorted(t *testing.T) {
	sorted := samples()
	report.Sort(sorted)
	for i, f := range samples() {
		if f.Message != sorted[i].Message {
			t.Errorf("sample %d is not in its place", i)
		}
	}
}

// TestEmpty checks that no findings make a document of the format all the same.
func TestEmpty(t *testing.T) {
	for _, opts := range []report.Options{{}, options()} {
		for _, format := range report.Formats() {
			for _, none := range [][]report.Finding{nil, {}} {
				out := render(t, format, opts, none)
				var err error
				switch format {
				case "text", "github":
					if out != "" {
						t.Errorf("%s prints %q for no findings", format, out)
					}
					continue
				case "checkstyle":
					var doc struct{ XMLName xml.Name }
					err = xml.Unmarshal([]byte(out), &doc)
					if doc.XMLName.Local != "checkstyle" {
						t.Errorf("checkstyle has root element %q", doc.XMLName.Local)
					}
				default:
					var doc any
					err = json.Unmarshal([]byte(out), &doc)
					if strings.Contains(out, "null") {
						t.Errorf("%s has null for an empty list:\n%s", format, out)
					}
				}
				if err != nil {
					t.Errorf("%s: %v in\n%s", format, err, out)
				}
			}
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	for name, want := range map[string]string{
		"jsno": `unknown format "jsno" (did you mean "json"?); the formats are text, json, sarif, github, gitlab, checkstyle, rdjson`,
		"":     `unknown format ""; the formats are text, json, sarif, github, gitlab, checkstyle, rdjson`,
	} {
		_, err := report.New(name, nil, report.Options{})
		if err == nil || err.Error() != want {
			t.Errorf("New(%q): %v, want %s", name, err, want)
		}
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteError(t *testing.T) {
	for _, format := range report.Formats() {
		w, err := report.New(format, failingWriter{}, report.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(samples()); err == nil {
			t.Errorf("%s swallows the error of its writer", format)
		}
	}
}

// TestUnreadable checks that every format does without source.
func TestUnreadable(t *testing.T) {
	opts := options()
	opts.ReadFile = func(string) ([]byte, error) { return nil, errors.New("no source") }
	for _, format := range report.Formats() {
		if out := render(t, format, opts, samples()); !strings.Contains(out, "assignment copies s.mu") {
			t.Errorf("%s without source loses findings:\n%s", format, out)
		}
	}
	if out := render(t, "text", opts, samples()); strings.Contains(out, "^") {
		t.Errorf("text without source has a caret:\n%s", out)
	}
}

// TestStale checks that every format lives with positions that the source does not have.
func TestStale(t *testing.T) {
	src := "package p\n\nvar x int\n"
	opts := report.Options{Context: 1, Witness: true, ReadFile: func(string) ([]byte, error) { return []byte(src), nil }}
	var findings []report.Finding
	for _, r := range []report.Range{
		{},
		{File: "x.go"},
		{File: "x.go", Line: 3},
		{File: "x.go", Line: 3, Column: 10, EndLine: 3, EndColumn: 10},
		{File: "x.go", Line: 3, Column: 11, EndLine: 3, EndColumn: 99},
		{File: "x.go", Line: 3, Column: 5, EndLine: 3, EndColumn: 99},
		{File: "x.go", Line: 3, Column: 5, EndLine: 3, EndColumn: 1},
		{File: "x.go", Line: 3, Column: 5, EndLine: 1, EndColumn: 1},
		{File: "x.go", Line: 4, Column: 1},
		{File: "x.go", Line: 99, Column: 99, EndLine: 100, EndColumn: 1},
		{File: "x.go", Line: -1, Column: -1, EndLine: -1, EndColumn: -1},
	} {
		findings = append(findings, report.Finding{
			Analyzer: "x", Message: "m", Range: r,
			Related: []report.Related{{Range: r, Message: "r"}},
			Witness: []report.Step{{Goroutine: "g", Range: r}},
			Fixes: []report.Fix{
				{},
				{Message: "backwards", Edits: []report.Edit{{File: "x.go", Start: 5, End: 2}}},
				{Message: "outside", Edits: []report.Edit{{File: "x.go", Start: 500, End: 501}, {File: "y.go", Start: -1}}},
				{Message: "overlap", Edits: []report.Edit{{File: "x.go", Start: 1, End: 5}, {File: "x.go", Start: 3, End: 8}}},
			},
		})
	}
	for _, format := range report.Formats() {
		render(t, format, opts, findings)
	}
}

func TestSortAndDedupe(t *testing.T) {
	finding := func(file string, line, column int, analyzer, category, message, pkg string) report.Finding {
		return report.Finding{Analyzer: analyzer, Category: category, Message: message, Package: pkg, Range: report.Range{File: file, Line: line, Column: column}}
	}
	want := []report.Finding{
		finding("a.go", 2, 1, "x", "c", "m", "p"),
		finding("a.go", 10, 1, "x", "c", "m", "p"),
		finding("a.go", 10, 2, "w", "c", "m", "p"),
		finding("a.go", 10, 2, "x", "b", "m", "p"),
		finding("a.go", 10, 2, "x", "c", "l", "p"),
		finding("a.go", 10, 2, "x", "c", "m", "p"),
		finding("b.go", 1, 1, "a", "a", "a", "p"),
	}
	given := slices.Clone(want)
	slices.Reverse(given)
	report.Sort(given)
	for i := range want {
		if compact(given[i]) != compact(want[i]) {
			t.Errorf("Sort: place %d has %s, want %s", i, compact(given[i]), compact(want[i]))
		}
	}
	for _, f := range want {
		f.Package = "p [p.test]"
		given = append([]report.Finding{f}, given...)
	}
	got := report.Dedupe(given)
	if len(got) != len(want) {
		t.Fatalf("Dedupe keeps %d findings, want %d", len(got), len(want))
	}
	for i := range want {
		if compact(got[i]) != compact(want[i]) {
			t.Errorf("Dedupe: place %d has %s, want %s", i, compact(got[i]), compact(want[i]))
		}
	}
}

func compact(f report.Finding) string {
	out, err := json.Marshal(f)
	if err != nil {
		panic(err)
	}
	return string(out)
}
