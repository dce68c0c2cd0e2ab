// Package report prints findings. The driver makes one stream of findings, whatever they came from, and a writer per format puts
// it on paper: nothing but this package knows a format, and nothing here knows how a finding is made. Saved JSON is read
// back by [ReadJSON], so every format can be made from it, and is tested, without analysis.
//
// # Formats
//
//	text        for people: path:line:col, message, analyzer, the source line, Related positions
//	json        documented and versioned, see below
//	sarif       SARIF 2.1.0, as GitHub code scanning and editors show it
//	github      GitHub Actions workflow commands: annotations without any upload
//	gitlab      GitLab Code Quality
//	checkstyle  Checkstyle XML: Jenkins and many others
//	rdjson      Reviewdog Diagnostic Format
//
// # Columns
//
// A column in a [Range] is 1-based and counts bytes, as go/token does. The formats text, json and rdjson print it so; the others
// count UTF-16 code units, as SARIF demands by its columnKind and as web pages do, for which the writer reads the source
// line. Where the source cannot be read, the byte column stands. A Line of 0 means the file as a whole; a Column of 0 the
// line as a whole (a //line directive gives positions without columns).
//
// # The JSON format
//
// One object:
//
//	version   1; it grows only when a field goes away or changes its meaning, so a reader must let unknown fields pass
//	tool      {name, version}
//	findings  a list, never null, sorted by file, line, column, analyzer, category and message
//
// A finding:
//
//	analyzer, category, level, message  what is wrong; level is "error", "warning" or "note"
//	package, url                        the import path; the page about the analyzer (both may be missing)
//	fingerprint                         the same for the same finding after lines above it have moved
//	file, line, column                  where; endLine and endColumn, if there, are the first position behind the range
//	related                             a list of {message, file, line, column, endLine, endColumn}
//	fixes                               a list of {message, edits}; an edit is {file, start, end, new}: bytes start to end
//	                                    (offsets from 0, end excluded) become new
//	witness                             a list of {goroutine, operation, note, file, line, ...}: the steps, in order, of a
//	                                    schedule that leads to the failure
//
// Files are relative to the module or the working directory, with forward slashes. Empty fields are left out.
package report

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/conclint/conclint/analyzers"
)

const (
	toolName = "conclint"
	toolURL  = "https://github.com/conclint/conclint"
)

// A Range is a stretch of source. Lines and columns are 1-based, columns count bytes.
type Range struct {
	// File is the path to print: relative to the module or the working directory, with forward slashes.
	File string `json:"file,omitempty"`
	// Abs is the path on disk. It is only used to read source lines and never printed. If it is empty, File is read.
	Abs string `json:"-"`
	// Line and Column are the first position; 0 if unknown.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
	// EndLine and EndColumn are the first position behind the range; 0 if the range has no known end.
	EndLine   int `json:"endLine,omitempty"`
	EndColumn int `json:"endColumn,omitempty"`
}

// A Finding is one diagnostic of one analyzer.
type Finding struct {
	// Analyzer is the name that users enable and ignore, Category the kind of message within it.
	Analyzer string `json:"analyzer"`
	Category string `json:"category,omitempty"`
	Message  string `json:"message"`
	// Package is the import path of the package that the finding was made in.
	Package string `json:"package,omitempty"`
	// URL is the page about this analyzer or category.
	URL string `json:"url,omitempty"`
	Range
	Related []Related `json:"related,omitempty"`
	Fixes   []Fix     `json:"fixes,omitempty"`
	// Witness is a schedule that leads to the failure, in the order of execution.
	Witness []Step `json:"witness,omitempty"`
}

// A Related is a position that has its part in a finding.
type Related struct {
	Range
	Message string `json:"message"`
}

// A Fix is a set of edits that removes the defect when all are made.
type Fix struct {
	Message string `json:"message,omitempty"`
	Edits   []Edit `json:"edits,omitempty"`
}

// An Edit replaces the bytes from offset Start up to End of a file by New. File and Abs are as in [Range].
type Edit struct {
	File  string `json:"file"`
	Abs   string `json:"-"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	New   string `json:"new"`
}

// A Step is what one goroutine does next in a witness schedule.
type Step struct {
	// Goroutine names who runs, such as "main" or "func literal at line 12"; equal names are one goroutine.
	Goroutine string `json:"goroutine"`
	Range
	// Operation is what it does, such as "c.mu.Lock".
	Operation string `json:"operation"`
	// Note is what comes of it, such as "blocks forever".
	Note string `json:"note,omitempty"`
}

// A Rule tells about an analyzer what formats such as SARIF show beside its findings.
type Rule struct {
	// Name is the analyzer's name, Summary one line without a stop, Doc the whole page as Markdown.
	Name, Summary, Doc string
	// URL is where the page can be read.
	URL string
	// Family is the group of analyzers that this one belongs to.
	Family string
	// Default says that the analyzer runs unless it is disabled, Fixable that it offers fixes.
	Default, Fixable bool
	// Level is "error", "warning" or "note"; "" means "warning".
	Level string
	// Precision is SARIF's "very-high", "high", "medium" or "low"; "" means "high".
	Precision string
	// Categories are the kinds of message.
	Categories []string
}

// Options steer a writer.
type Options struct {
	// Color colours text output.
	Color bool
	// Context is how many source lines text shows above and below the line of a finding; negative means no source at all.
	Context int
	// Witness adds the witness schedule to text output, as a table with a column per goroutine.
	Witness bool
	// Version is conclint's version, such as "v1.2.3" or "(devel)".
	Version string
	// Rules describe the analyzers. A finding of an analyzer that is not among them is still printed.
	Rules []Rule
	// ReadFile reads source files; nil means os.ReadFile. An error costs the source line, nothing more.
	ReadFile func(path string) ([]byte, error)
}

// A Writer prints findings in one format.
type Writer interface {
	// Write prints all the findings of a run. They should be sorted (see [Sort]) and are printed in the order given. It
	// is called once, also when there are none: then it writes the valid empty document of the format.
	Write(findings []Finding) error
}

// format pairs the name of a format with the function that makes all of its output.
type format struct {
	name   string
	render func(*run) ([]byte, error)
}

// formats lists every format once, in the order shown to users.
func formats() []format {
	return []format{
		{"text", renderText},
		{"json", renderJSON},
		{"sarif", renderSARIF},
		{"github", renderGitHub},
		{"gitlab", renderGitLab},
		{"checkstyle", renderCheckstyle},
		{"rdjson", renderRDJSON},
	}
}

// Formats returns the names of the formats, the default first.
func Formats() []string {
	var names []string
	for _, f := range formats() {
		names = append(names, f.name)
	}
	return names
}

// New returns the writer of a format that prints to w. For a name that is not among [Formats] the error says which there are.
func New(format string, w io.Writer, opts Options) (Writer, error) {
	if opts.ReadFile == nil {
		opts.ReadFile = os.ReadFile
	}
	for _, f := range formats() {
		if f.name == format {
			return &writer{w, opts, f.render}, nil
		}
	}
	names := Formats()
	hint := ""
	if name := analyzers.Nearest(format, names); name != "" {
		hint = fmt.Sprintf(" (did you mean %q?)", name)
	}
	return nil, fmt.Errorf("unknown format %q%s; the formats are %s", format, hint, strings.Join(names, ", "))
}

type writer struct {
	w      io.Writer
	opts   Options
	render func(*run) ([]byte, error)
}

func (w *writer) Write(findings []Finding) error {
	out, err := w.render(newRun(w.opts, findings))
	if err != nil || len(out) == 0 {
		return err
	}
	_, err = w.w.Write(out)
	return err
}

// A run is one call of Write: the findings, and what the formats share to print them.
type run struct {
	Options
	findings []Finding
	rules    []Rule         // sorted by name, with a stub for each analyzer that Options.Rules lacks
	ruleAt   map[string]int // index into rules by name
	src      *sources
}

func newRun(opts Options, findings []Finding) *run {
	r := &run{Options: opts, findings: findings, ruleAt: make(map[string]int), src: newSources(opts.ReadFile)}
	r.rules = slices.Clone(opts.Rules)
	for _, f := range findings {
		if !slices.ContainsFunc(r.rules, func(rule Rule) bool { return rule.Name == f.Analyzer }) {
			r.rules = append(r.rules, Rule{Name: f.Analyzer, URL: f.URL, Default: true})
		}
	}
	slices.SortStableFunc(r.rules, func(a, b Rule) int { return cmp.Compare(a.Name, b.Name) })
	for i, rule := range r.rules {
		r.ruleAt[rule.Name] = i
	}
	return r
}

// level returns "error", "warning" or "note".
func (r *run) level(f Finding) string {
	return r.rules[r.ruleAt[f.Analyzer]].level()
}

func (r Rule) level() string {
	switch r.Level {
	case "error", "note":
		return r.Level
	}
	return "warning"
}

// url returns the page about a finding, from the finding itself or its rule.
func (r *run) url(f Finding) string {
	return cmp.Or(f.URL, r.rules[r.ruleAt[f.Analyzer]].URL)
}

// Sort orders findings by file, line, column, analyzer, category and message, so that output does not depend on the order in
// which packages were analysed.
func Sort(findings []Finding) {
	slices.SortStableFunc(findings, compare)
}

// compare orders findings by everything that tells one from another; two that compare equal are the same finding.
func compare(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.File, b.File),
		cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Column, b.Column),
		cmp.Compare(a.Analyzer, b.Analyzer),
		cmp.Compare(a.Category, b.Category),
		cmp.Compare(a.Message, b.Message),
		cmp.Compare(a.EndLine, b.EndLine),
		cmp.Compare(a.EndColumn, b.EndColumn),
	)
}

// Dedupe returns the findings, sorted, with each kept once: a file that belongs to several variants of a package (such as the one
// compiled for its tests) is analysed, and its findings reported, several times. Of equal findings the one whose package has
// the shortest name is kept, which is the package itself. The slice given is changed.
func Dedupe(findings []Finding) []Finding {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(compare(a, b), cmp.Compare(len(a.Package), len(b.Package)), cmp.Compare(a.Package, b.Package))
	})
	return slices.CompactFunc(findings, func(a, b Finding) bool { return compare(a, b) == 0 })
}
