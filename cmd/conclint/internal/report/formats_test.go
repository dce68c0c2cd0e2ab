package report_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/conclint/conclint/cmd/conclint/internal/report"
)

// source answers ReadFile with one text.
func source(text string) func(string) ([]byte, error) {
	return func(string) ([]byte, error) { return []byte(text), nil }
}

// decode parses out as JSON into v.
func decode(t *testing.T, out string, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(out), v); err != nil {
		t.Fatalf("%v in\n%s", err, out)
	}
}

func TestCaret(t *testing.T) {
	for _, c := range []struct {
		name, line         string
		column, endColumn  int
		wantLine, wantMark string
	}{
		{"dedented", "\t\tmu.Lock()", 3, 12, "\tmu.Lock()", "\t^~~~~~~~~"},
		{"no end", "\tmu.Lock()", 2, 0, "\tmu.Lock()", "\t^"},
		{"inner tab", "x\t:= <-c", 6, 9, "\tx\t:= <-c", "\t \t   ^~~"},
		{"accent", "/* é */ mu.Lock()", 10, 19, "\t/* é */ mu.Lock()", "\t        ^~~~~~~~~"},
		{"combining", "/* e\u0301 */ x()", 11, 14, "\t/* e\u0301 */ x()", "\t        ^~~"},
		{"wide", "/* 世🚀 */ x()", 15, 18, "\t/* 世🚀 */ x()", "\t           ^~~"},
		{"wide inside", `f("世")`, 1, 9, "\tf(\"世\")", "\t^~~~~~~"},
		{"at the end", "x", 2, 2, "\tx", "\t ^"},
		{"control", "a\x1b[31m()", 1, 6, "\ta\uFFFD[31m()", "\t^~~~~"},
		{"bidi", "\u202Ea b", 5, 6, "\t\uFFFDa b", "\t  ^"},
		{"invalid UTF-8", "\xffa b", 4, 5, "\t\uFFFDa b", "\t   ^"},
	} {
		f := report.Finding{Analyzer: "x", Message: "m", Range: report.Range{File: "a.go", Line: 1, Column: c.column, EndColumn: c.endColumn}}
		if c.endColumn > 0 {
			f.EndLine = 1
		}
		out := render(t, "text", report.Options{ReadFile: source(c.line)}, []report.Finding{f})
		want := fmt.Sprintf("a.go:1:%d: m (x)\n%s\n%s\n", c.column, c.wantLine, c.wantMark)
		if out != want {
			t.Errorf("%s:\n%q, want\n%q", c.name, out, want)
		}
	}
}

func TestCaretOfLongLine(t *testing.T) {
	line := strings.Repeat("é", 1000) + "mu.Lock()" + strings.Repeat("z", 1000)
	f := report.Finding{Analyzer: "x", Message: "m", Range: report.Range{File: "a.go", Line: 1, Column: 2001, EndLine: 1, EndColumn: 2010}}
	out := render(t, "text", report.Options{ReadFile: source(line)}, []report.Finding{f})
	lines := strings.Split(out, "\n")
	if n := len([]rune(lines[1])); n > 210 {
		t.Errorf("the line is still %d characters long", n)
	}
	i := strings.Index(lines[1], "mu.Lock()")
	if i < 0 {
		t.Fatalf("the operation was cut off: %s", lines[1])
	}
	shown := []rune(lines[1][:i])
	if want := "\t" + strings.Repeat(" ", len(shown)-1) + "^~~~~~~~~"; lines[2] != want {
		t.Errorf("mark is %q, want %q", lines[2], want)
	}
}

func TestTextOfSeveralLines(t *testing.T) {
	f := report.Finding{Analyzer: "x", Message: "m", Range: report.Range{File: "a.go", Line: 1, Column: 2, EndLine: 3, EndColumn: 2}}
	out := render(t, "text", report.Options{ReadFile: source("\tgo func() { \r\n\t}()\r\n")}, []report.Finding{f})
	if want := "a.go:1:2: m (x)\n\tgo func() {\n\t^~~~~~~~~~~\n"; out != want {
		t.Errorf("got\n%q, want\n%q", out, want)
	}
}

func TestReadJSON(t *testing.T) {
	saved := render(t, "json", options(), samples())
	findings, err := report.ReadJSON(strings.NewReader(saved))
	if err != nil {
		t.Fatal(err)
	}
	if len(findings) != len(samples()) {
		t.Fatalf("%d findings came back of %d", len(findings), len(samples()))
	}
	for i, f := range samples() {
		if f.URL == "" { // filled in from the rule
			f.URL = findings[i].URL
		}
		if got, want := compact(findings[i]), compact(f); got != want {
			t.Errorf("finding %d came back as\n%s, want\n%s", i, got, want)
		}
	}

	// Replayed, with sources found by the printed names, the same bytes come out in every format.
	byFile := func(path string) ([]byte, error) {
		path = strings.ReplaceAll(path, "a b#1,2:é", "settle")
		return os.ReadFile("testdata/src/" + strings.TrimPrefix(path, "testdata/src/"))
	}
	for _, format := range report.Formats() {
		opts := options()
		want := render(t, format, opts, samples())
		opts.ReadFile = byFile
		if got := render(t, format, opts, findings); got != want {
			t.Errorf("%s of replayed findings differs:\n%s", format, got)
		}
	}
}

func TestReadJSONErrors(t *testing.T) {
	for in, want := range map[string]string{
		``:                              "not a JSON report: unexpected end of JSON input",
		`[]`:                            "not a JSON report: json: cannot unmarshal array",
		`{}`:                            "not a JSON report of conclint: it has no version",
		`{"version": 2}`:                "JSON report has version 2; this conclint reads version 1",
		`{"version": 1, "findings": 3}`: "JSON report: json: cannot unmarshal number",
	} {
		_, err := report.ReadJSON(strings.NewReader(in))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("ReadJSON(%s): %v, want %s", in, err, want)
		}
	}
	if f, err := report.ReadJSON(strings.NewReader(`{"version": 1, "new": {}, "findings": [{"message": "m", "new": 1}]}`)); err != nil || len(f) != 1 {
		t.Errorf("a field of a later conclint is refused: %v", err)
	}
	if _, err := report.ReadJSON(failingReader{}); err == nil {
		t.Error("a read error is swallowed")
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errors.New("gone") }

// sarifLog is what the tests look at in SARIF.
type sarifLog struct {
	Runs []struct {
		Tool struct {
			Driver struct {
				SemanticVersion string
				Rules           []struct {
					ID              string
					FullDescription struct{ Text string }
					Help            struct{ Text, Markdown string }
					Properties      map[string]any
				}
			}
		}
		Results []struct {
			RuleID    string
			RuleIndex int
			Level     string
			Message   struct{ Text string }
			Locations []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI, URIBaseID string }
					Region           region
				}
			}
			PartialFingerprints map[string]string
			Fixes               []struct {
				ArtifactChanges []struct {
					Replacements []struct {
						DeletedRegion   region
						InsertedContent struct{ Text string }
					}
				}
			}
			CodeFlows []struct {
				ThreadFlows []struct {
					ID        string
					Locations []struct{ ExecutionOrder int }
				}
			}
		}
	}
}

type region struct{ StartLine, StartColumn, EndLine, EndColumn int }

func TestSARIF(t *testing.T) {
	var log sarifLog
	decode(t, render(t, "sarif", options(), samples()), &log)
	run := log.Runs[0]
	results := run.Results
	driver := run.Tool.Driver

	if driver.SemanticVersion != "1.2.3" {
		t.Errorf("semantic version is %q", driver.SemanticVersion)
	}
	for _, res := range results {
		if id := driver.Rules[res.RuleIndex].ID; id != res.RuleID {
			t.Errorf("rule %d is %s, want %s", res.RuleIndex, id, res.RuleID)
		}
	}
	for _, rule := range driver.Rules {
		if rule.ID == "lockorder" {
			if want := "Two goroutines that take a and b in opposite orders block each other."; rule.FullDescription.Text != want {
				t.Errorf("full description is %q, want %q", rule.FullDescription.Text, want)
			}
			if rule.Properties["problem.severity"] != "error" {
				t.Errorf("problem.severity is %v", rule.Properties["problem.severity"])
			}
		}
		if rule.Help.Text == "" || rule.FullDescription.Text == "" {
			t.Errorf("%s has no help", rule.ID)
		}
	}

	// The line is, behind three tabs, /* é, 世界 and 🚀 */ results <- server(q). In UTF-16 é, 世 and 界 take one unit each and
	// 🚀 two, so 3 + 19 units stand before the send, which is 20 long; in bytes these were 3 + 26.
	send := results[4].Locations[0].PhysicalLocation.Region
	if want := (region{18, 23, 18, 43}); send != want {
		t.Errorf("the send lies at %v, want %v", send, want)
	}
	insert := results[4].Fixes[0].ArtifactChanges[0].Replacements[0]
	if want := (region{15, 29, 15, 29}); insert.DeletedRegion != want || insert.InsertedContent.Text != ", 1" {
		t.Errorf("the fix is %v, want an insertion at %v", insert, want)
	}
	if uri := results[0].Locations[0].PhysicalLocation.ArtifactLocation; uri.URI != "bank/a%20b%231,2:%C3%A9.go" || uri.URIBaseID != "%SRCROOT%" {
		t.Errorf("the odd file is %v", uri)
	}
	if want := "to.mu.Lock while holding from.mu reverses the order on [line 11](2) and in settle ([a b#1,2:é.go:4](1)): two goroutines can block each other forever"; results[1].Message.Text != want {
		t.Errorf("message is\n%s, want\n%s", results[1].Message.Text, want)
	}

	var order []string
	for _, thread := range results[1].CodeFlows[0].ThreadFlows {
		order = append(order, thread.ID+fmt.Sprint(thread.Locations))
	}
	if got, want := strings.Join(order, " "), "transfer(a, b)[{1} {3}] settle(a, b)[{2} {4}]"; got != want {
		t.Errorf("thread flows are %s, want %s", got, want)
	}
	if len(results[3].Fixes) != 0 {
		t.Error("a fix in a file that cannot be read has made up a region")
	}
}

func TestSARIFFiles(t *testing.T) {
	for file, want := range map[string]string{
		"a.go":            "a.go %SRCROOT%",
		"c:d.go":          "./c:d.go %SRCROOT%",
		"100%.go":         "100%25.go %SRCROOT%",
		"/usr/lib/a b.go": "file:///usr/lib/a%20b.go ",
		"C:/x/y.go":       "file:///C:/x/y.go ",
	} {
		var log sarifLog
		decode(t, render(t, "sarif", report.Options{}, []report.Finding{{Analyzer: "x", Range: report.Range{File: file}}}), &log)
		got := log.Runs[0].Results[0].Locations[0].PhysicalLocation.ArtifactLocation
		if got.URI+" "+got.URIBaseID != want {
			t.Errorf("%s becomes %v, want %s", file, got, want)
		}
	}
}

func TestSARIFLinks(t *testing.T) {
	for _, c := range []struct {
		message string
		related report.Range
		want    string
	}{
		{"held since line 12", report.Range{File: "a/b.go", Line: 12}, "held since [line 12](1)"},
		{"held since line 123", report.Range{File: "a/b.go", Line: 12}, "held since line 123"},
		{"a baseline 12", report.Range{File: "a/b.go", Line: 12}, "a baseline 12"},
		{"on line 12", report.Range{File: "a/c.go", Line: 12}, "on line 12"},
		{"in f (c.go:12)", report.Range{File: "a/c.go", Line: 12}, "in f ([c.go:12](1))"},
		{"in f (a/c.go:12)", report.Range{File: "a/c.go", Line: 12}, "in f ([a/c.go:12](1))"},
		{"in f (b/c.go:12)", report.Range{File: "a/c.go", Line: 12}, "in f (b/c.go:12)"},
		{"x line 1, line 12", report.Range{File: "a/b.go", Line: 12}, "x line 1, [line 12](1)"},
		{"nowhere", report.Range{}, "nowhere"},
	} {
		var log sarifLog
		f := report.Finding{Analyzer: "x", Message: c.message, Range: report.Range{File: "a/b.go", Line: 1}, Related: []report.Related{{Range: c.related}}}
		decode(t, render(t, "sarif", report.Options{}, []report.Finding{f}), &log)
		if got := log.Runs[0].Results[0].Message.Text; got != c.want {
			t.Errorf("%q becomes %q, want %q", c.message, got, c.want)
		}
	}
}

func TestSARIFVersion(t *testing.T) {
	for version, want := range map[string]string{
		"v1.2.3":        "1.2.3",
		"v0.1.0-rc.1":   "0.1.0-rc.1",
		"v1.0.0+dirty":  "1.0.0+dirty",
		"(devel)":       "",
		"":              "",
		"v1.2":          "",
		"v1.2.3 (spam)": "",
	} {
		var log sarifLog
		decode(t, render(t, "sarif", report.Options{Version: version}, nil), &log)
		if got := log.Runs[0].Tool.Driver.SemanticVersion; got != want {
			t.Errorf("semantic version of %q is %q, want %q", version, got, want)
		}
	}
}

// TestFingerprints checks that they survive a move, tell equal lines apart, and change with the line.
func TestFingerprints(t *testing.T) {
	prints := func(text string, lines ...int) []string {
		var findings []report.Finding
		for _, line := range lines {
			findings = append(findings, report.Finding{Analyzer: "x", Message: "m", Range: report.Range{File: "a.go", Line: line, Column: 2}})
		}
		opts := report.Options{ReadFile: source(text)}
		var log sarifLog
		decode(t, render(t, "sarif", opts, findings), &log)
		var issues []struct{ Fingerprint string }
		decode(t, render(t, "gitlab", opts, findings), &issues)
		var got []string
		for i, res := range log.Runs[0].Results {
			print := res.PartialFingerprints["conclintFinding/v1"]
			if print == "" || issues[i].Fingerprint != print {
				t.Errorf("fingerprints are %q in SARIF and %q in GitLab", print, issues[i].Fingerprint)
			}
			got = append(got, print)
		}
		return got
	}
	before := prints("\tmu.Lock()\n\tmu.Lock()\n", 1, 2)
	moved := prints("// new\n\n\tmu.Lock()\n\t\tmu.Lock()  \n", 3, 4)
	if before[0] == before[1] {
		t.Error("equal lines have equal fingerprints")
	}
	if before[0] != moved[0] || before[1] != moved[1] {
		t.Errorf("fingerprints moved with the lines: %v, %v", before, moved)
	}
	if changed := prints("\tother.Lock()\n", 1); changed[0] == before[0] {
		t.Error("another line has the same fingerprint")
	}
}

func TestGitHub(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(render(t, "github", options(), samples()), "\n"), "\n")
	if len(lines) != len(samples()) {
		t.Fatalf("%d commands for %d findings", len(lines), len(samples()))
	}
	want := "::warning file=bank/a b#1%2C2%3Aé.go,line=6,endLine=8,title=conclint custom::transfer(a, b, 1) is 100%25 <wrong> & \"quoted\",%0Aover: two lines"
	if lines[0] != want {
		t.Errorf("got\n%s, want\n%s", lines[0], want)
	}
	if !strings.HasPrefix(lines[1], "::error file=bank/transfer.go,line=19,endLine=19,col=2,endColumn=14,title=conclint lockorder::") {
		t.Errorf("got\n%s", lines[1])
	}
	if !strings.HasPrefix(lines[2], "::notice file=bank/transfer.go,line=26,title=") {
		t.Errorf("got\n%s", lines[2])
	}
}

func TestCheckstyle(t *testing.T) {
	var doc struct {
		Files []struct {
			Name   string `xml:"name,attr"`
			Errors []struct {
				Line     int    `xml:"line,attr"`
				Column   int    `xml:"column,attr"`
				Severity string `xml:"severity,attr"`
				Message  string `xml:"message,attr"`
				Source   string `xml:"source,attr"`
			} `xml:"error"`
		} `xml:"file"`
	}
	findings := samples()
	if err := xml.Unmarshal([]byte(render(t, "checkstyle", options(), findings)), &doc); err != nil {
		t.Fatal(err)
	}
	i := 0
	for _, file := range doc.Files {
		for _, e := range file.Errors {
			f := findings[i]
			i++
			if file.Name != f.File || e.Line != f.Line || e.Message != f.Message || e.Source != "conclint."+f.Analyzer {
				t.Errorf("%s: %+v came back of %s", file.Name, e, compact(f))
			}
		}
	}
	if i != len(findings) {
		t.Errorf("%d of %d findings came back", i, len(findings))
	}
	if e := doc.Files[len(doc.Files)-1].Errors[0]; e.Column != 23 {
		t.Errorf("column of the send is %d, want 23", e.Column)
	}

	// Characters that XML cannot hold.
	out := render(t, "checkstyle", report.Options{}, []report.Finding{{Analyzer: "x", Message: "a\x00\xff<&>\"'\n", Range: report.Range{File: "a.go"}}})
	if err := xml.Unmarshal([]byte(out), &doc); err != nil {
		t.Error(err)
	}
}

func TestGitLab(t *testing.T) {
	var issues []struct {
		Description string
		CheckName   string `json:"check_name"`
		Fingerprint string
		Severity    string
		Location    struct {
			Path  string
			Lines struct{ Begin int }
		}
	}
	findings := samples()
	decode(t, render(t, "gitlab", options(), findings), &issues)
	seen := make(map[string]bool)
	for i, issue := range issues {
		f := findings[i]
		if issue.Description != f.Message || issue.CheckName != f.Analyzer || issue.Location.Path != f.File || issue.Location.Lines.Begin != f.Line {
			t.Errorf("%+v came back of %s", issue, compact(f))
		}
		if seen[issue.Fingerprint] {
			t.Errorf("fingerprint %s stands twice", issue.Fingerprint)
		}
		seen[issue.Fingerprint] = true
	}
	if issues[1].Severity != "major" || issues[2].Severity != "info" {
		t.Errorf("severities are %s and %s", issues[1].Severity, issues[2].Severity)
	}
}

func TestRDJSON(t *testing.T) {
	type position struct{ Line, Column int }
	var doc struct {
		Diagnostics []struct {
			Location struct {
				Range struct{ Start, End position }
			}
			Severity    string
			Suggestions []struct {
				Range struct{ Start, End position }
				Text  string
			}
		}
	}
	decode(t, render(t, "rdjson", options(), samples()), &doc)
	send := doc.Diagnostics[4]
	if r := send.Location.Range; r.Start != (position{18, 30}) || r.End != (position{18, 50}) {
		t.Errorf("the send lies at %v", r)
	}
	if s := send.Suggestions[0]; s.Range.Start != (position{15, 29}) || s.Range.End != s.Range.Start || s.Text != ", 1" {
		t.Errorf("suggestion is %v", s)
	}
	if n := len(doc.Diagnostics[3].Suggestions); n != 0 {
		t.Errorf("%d suggestions for a file that cannot be read", n)
	}

	// Edits that belong together become one suggestion; those that reach into another file none.
	text := "a := 1\nb := 2\n"
	edits := []report.Edit{{File: "a.go", Start: 12, End: 13, New: "3"}, {File: "a.go", Start: 0, End: 1, New: "c"}}
	f := report.Finding{Analyzer: "x", Message: "m", Range: report.Range{File: "a.go", Line: 1, Column: 1}, Fixes: []report.Fix{{Edits: edits}}}
	decode(t, render(t, "rdjson", report.Options{ReadFile: source(text)}, []report.Finding{f}), &doc)
	if s := doc.Diagnostics[0].Suggestions; len(s) != 1 || s[0].Text != "c := 1\nb := 3" || s[0].Range.Start != (position{1, 1}) || s[0].Range.End != (position{2, 7}) {
		t.Errorf("merged suggestion is %v", s)
	}
	edits[1].File = "b.go"
	doc.Diagnostics = nil
	decode(t, render(t, "rdjson", report.Options{ReadFile: source(text)}, []report.Finding{f}), &doc)
	if s := doc.Diagnostics[0].Suggestions; len(s) != 0 {
		t.Errorf("suggestion over two files is %v", s)
	}
}
