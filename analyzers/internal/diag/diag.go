// Package diag is the one way from an analyzer to the user.
//
// An analyzer of conclint is a [Check]: a description, read from its doc.go,
// and a run function that is handed a [Reporter]. The Reporter is the only
// caller of pass.Report. It decides, in this order and the same through every
// door (go vet, standalone, golangci-lint):
//
//  1. generated files are not reported on, unless the flag asks for it;
//  2. an ignore directive that covers the position swallows the finding and
//     is noted as used, so that the ignore check can name the useless ones;
//  3. equal findings are reported once, in the order of their positions;
//  4. fixes in files that the compiler sees only through a //line directive
//     (cgo, generated parsers) are dropped: their offsets would lie.
//
// A panic in a check becomes a finding of category [InternalError] and never
// takes other findings with it.
package diag

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"

	goversion "go/version"

	"golang.org/x/tools/go/analysis"
)

// Home is where the pages of the project's documentation live.
const Home = "https://github.com/conclint/conclint"

// InternalError is the category of the finding that stands for a panic in an
// analyzer. Its message carries the stack, one frame a line.
const InternalError = "internal-error"

// A Family groups checks for -enable, -disable and ignore directives.
type Family string

// The families.
const (
	Channels   Family = "channels"   // channels, select
	Locks      Family = "locks"      // package sync's locks
	Goroutines Family = "goroutines" // start, stop, wait
	Races      Family = "races"      // shared memory
	Misuse     Family = "misuse"     // contexts, timers, once, pool, tests
	Meta       Family = "meta"       // about conclint itself
)

// Families lists all families, in the order of the documentation.
func Families() []Family {
	return []Family{Channels, Locks, Goroutines, Races, Misuse, Meta}
}

// A Spec describes a check. What can be read from the documentation is not
// repeated here: name and summary come from Doc.
type Spec struct {
	// Doc is the source text of the check's doc.go (go:embed). Its package
	// comment has a heading "Analyzer NAME" followed by a paragraph
	// "NAME: summary", then what users read.
	Doc string
	// Family is the group the check is switched with.
	Family Family
	// Default says whether the check runs when nothing is switched.
	Default bool
	// Fixable says whether some findings carry a fix.
	Fixable bool
	// Categories lists the kinds of finding, in kebab-case; each is a
	// heading of Doc and an anchor of the check's page.
	Categories []string
	// Advice lowers the level from warning to note.
	Advice bool
	// InGoVet says that go vet reports the same when run with its defaults:
	// such a check is off when conclint is go vet's tool.
	InGoVet bool
	// InGolangci says that golangci-lint brings the same check itself: such
	// a check is off in the plugin.
	InGolangci bool
	// DriverOnly says that the conclint command does the check itself, on
	// files beside the packages; through other doors it does nothing.
	DriverOnly bool
	// Requires lists the analyses whose results the check reads.
	Requires []*analysis.Analyzer
	// FactTypes lists the facts that the check exports. Only wrapped
	// analyzers have any: the engine's facts belong to the skeleton.
	FactTypes []analysis.Fact
	// Run looks at one package and reports what it finds. An error means
	// that the analysis itself could not be done.
	Run func(pass *analysis.Pass, report *Reporter) error
}

// A Check is an analyzer together with what users are told about it.
type Check struct {
	Spec
	// Name is the one lower-case word users enable and ignore.
	Name string
	// Summary is one line without a final stop.
	Summary string
	// Text is the documentation that follows the summary, as a Go doc
	// comment.
	Text string
	// Analyzer is what a driver runs. Its result is a [*Result].
	Analyzer *analysis.Analyzer
}

// A Result is what a check leaves behind for the check of ignore directives.
type Result struct {
	// Used holds the directives that swallowed a finding.
	Used []*Directive
}

// New makes the check that spec describes. It panics when the documentation
// has not the form that [Spec.Doc] asks for, since that is a mistake in this
// program and not in its input.
func New(spec Spec) *Check {
	name, summary, text, err := parseDoc(spec.Doc)
	if err != nil {
		panic(err)
	}
	c := &Check{Spec: spec, Name: name, Summary: summary, Text: text}
	c.Analyzer = &analysis.Analyzer{
		Name:       name,
		Doc:        summary + "\n\n" + text,
		URL:        Home + "/blob/main/docs/" + name + ".md",
		Requires:   append([]*analysis.Analyzer{Config}, spec.Requires...),
		ResultType: reflect.TypeFor[*Result](),
		FactTypes:  spec.FactTypes,
		Run:        c.run,
	}
	return c
}

// WithFlag is [New] for a check of which a part is reported only when the flag of
// that name is given to it. Its run function is told whether it is.
func WithFlag(spec Spec, name, usage string, run func(pass *analysis.Pass, report *Reporter, on bool) error) *Check {
	on := new(bool)
	spec.Run = func(pass *analysis.Pass, report *Reporter) error { return run(pass, report, *on) }
	c := New(spec)
	c.Analyzer.Flags.BoolVar(on, name, false, usage)
	return c
}

// A Keeper is asked, for each pass, which findings of a wrapped analyzer to keep.
type Keeper func(*analysis.Pass) func(analysis.Diagnostic) bool

// Wrap makes a check of an analyzer that other people maintain: its
// documentation, requirements and facts are taken over, its findings pass
// through the gates of this package. spec gives family and switches; keep, unless
// it is nil, chooses among the findings.
func Wrap(a *analysis.Analyzer, spec Spec, keep Keeper) *Check {
	summary, text, _ := strings.Cut(a.Doc, "\n")
	c := &Check{Spec: spec, Name: a.Name, Summary: strings.TrimSuffix(summary, "."), Text: strings.TrimSpace(text)}
	c.Requires = a.Requires
	c.FactTypes = a.FactTypes
	c.Run = func(pass *analysis.Pass, report *Reporter) error {
		inner := *pass
		keeps := func(analysis.Diagnostic) bool { return true }
		if keep != nil {
			keeps = keep(pass)
		}
		inner.Report = func(d analysis.Diagnostic) {
			if !keeps(d) {
				return
			}
			f := Finding{Pos: d.Pos, End: d.End, Category: d.Category, Message: d.Message, Related: d.Related}
			if len(d.SuggestedFixes) > 0 {
				f.Fix = &d.SuggestedFixes[0]
			}
			report.Report(f)
		}
		_, err := a.Run(&inner)
		return err
	}
	wrapped := *a
	wrapped.Requires = append([]*analysis.Analyzer{Config}, a.Requires...)
	wrapped.ResultType = reflect.TypeFor[*Result]()
	wrapped.Run = c.run
	c.Analyzer = &wrapped
	return c
}

// Markdown returns the check's text for a page, with headings one level down.
func (c *Check) Markdown() string {
	var p comment.Parser
	pr := comment.Printer{
		HeadingLevel: 2,
		HeadingID:    func(*comment.Heading) string { return "" },
		DocLinkURL:   func(l *comment.DocLink) string { return l.DefaultURL("https://pkg.go.dev") },
	}
	return string(pr.Markdown(p.Parse(c.Text)))
}

// Level is the severity of the check's findings: "warning", or "note" for
// advice.
func (c *Check) Level() string {
	if c.Advice {
		return "note"
	}
	return "warning"
}

func parseDoc(src string) (name, summary, text string, err error) {
	f, err := parser.ParseFile(token.NewFileSet(), "doc.go", src, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		return "", "", "", fmt.Errorf("doc.go of an analyzer: %v", err)
	}
	_, rest, ok := strings.Cut(f.Doc.Text(), "\n# Analyzer ")
	if !ok {
		return "", "", "", fmt.Errorf("doc.go of package %s: no heading \"# Analyzer NAME\"", f.Name.Name)
	}
	name, rest, _ = strings.Cut(rest, "\n")
	name = strings.TrimSpace(name)
	para, text, _ := strings.Cut(strings.TrimSpace(rest), "\n\n")
	summary, ok = strings.CutPrefix(strings.Join(strings.Fields(para), " "), name+": ")
	if !ok || name == "" {
		return "", "", "", fmt.Errorf("doc.go of package %s: the heading is not followed by %q", f.Name.Name, name+": summary")
	}
	return name, summary, strings.TrimSpace(text), nil
}

func (c *Check) run(pass *analysis.Pass) (result any, err error) {
	r := &Reporter{check: c, pass: pass, index: pass.ResultOf[Config].(*Index)}
	defer func() {
		if p := recover(); p != nil {
			r.findings = append(r.findings, panicFinding(pass, p, debug.Stack()))
			err = nil
		}
		if err == nil {
			result = r.flush()
		}
	}()
	return nil, c.Spec.Run(pass, r)
}

// panicFinding words a panic so that it survives every door: as a finding at
// the package clause. The standalone driver prints it on standard error and
// exits with code 2.
func panicFinding(pass *analysis.Pass, value any, stack []byte) Finding {
	pos := token.NoPos
	if len(pass.Files) > 0 {
		pos = pass.Files[0].Name.Pos()
	}
	if p, ok := value.(interface{ Stack() []byte }); ok {
		stack = p.Stack() // of an analysis that the check reads
	}
	if _, after, ok := bytes.Cut(stack, []byte("panic(")); ok {
		stack = append([]byte("panic("), after...)
	}
	return Finding{
		Pos:      pos,
		Category: InternalError,
		Message:  fmt.Sprintf("analyzer %s panicked on package %s: %v\n%s", pass.Analyzer.Name, pass.Pkg.Path(), value, bytes.TrimSpace(stack)),
	}
}

// A Finding is one defect.
type Finding struct {
	// Pos and End bound the operation where the reader should look.
	Pos, End token.Pos
	// Category is one of the check's categories.
	Category string
	// Message is one line: operation on object, consequence, condition; remedy.
	Message string
	// Related positions repeat in place what the message names by line.
	Related []analysis.RelatedInformation
	// Fix, if any, removes the defect and changes nothing else.
	Fix *analysis.SuggestedFix
	// Witness is a schedule that leads to the failure, in the order of
	// execution. Only the standalone driver asks for it.
	Witness []Step
}

// A Step is what one goroutine does next in a witness.
type Step struct {
	Pos, End token.Pos
	// Goroutine names who runs; equal names are one goroutine.
	Goroutine string
	// Operation is what it does, Note what comes of it.
	Operation, Note string
}

// stepMark begins the message of a related position that is a step.
const stepMark = "conclint:step\t"

// message packs the step into the only place that go vet's JSON has for it.
func (s Step) message() string {
	return stepMark + s.Goroutine + "\t" + s.Operation + "\t" + s.Note
}

// ParseStep unpacks a step from the message of a related position. It reports
// false for one that is just that.
func ParseStep(message string) (s Step, ok bool) {
	rest, ok := strings.CutPrefix(message, stepMark)
	if !ok {
		return s, false
	}
	parts := strings.SplitN(rest, "\t", 3)
	if len(parts) != 3 {
		return s, false
	}
	return Step{Goroutine: parts[0], Operation: parts[1], Note: parts[2]}, true
}

// A Reporter takes the findings of one check on one package.
type Reporter struct {
	check    *Check
	pass     *analysis.Pass
	index    *Index
	findings []Finding
}

// Report takes a finding. It is shown when the check has ended.
func (r *Reporter) Report(f Finding) { r.findings = append(r.findings, f) }

// GoVersion returns the language version that governs pos, such as "go1.22".
// It is empty when the driver does not tell, which means the newest.
func (r *Reporter) GoVersion(pos token.Pos) string {
	for _, f := range r.pass.Files {
		if f.FileStart <= pos && pos < f.FileEnd {
			return goversion.Lang(cmp.Or(r.pass.TypesInfo.FileVersions[f], r.pass.Pkg.GoVersion()))
		}
	}
	return ""
}

// Before reports whether the file at pos is compiled with a language version
// older than v, such as "go1.22". An unknown version is the newest.
func (r *Reporter) Before(pos token.Pos, v string) bool {
	have := r.GoVersion(pos)
	return have != "" && goversion.Compare(have, v) < 0
}

// Generated reports whether nothing is to be reported at pos because the file
// is generated. A check may ask it to save work.
func (r *Reporter) Generated(pos token.Pos) bool { return r.index.silent(r.pass.Fset, pos) }

// Position is a short for the file set's look-up.
func (r *Reporter) Position(pos token.Pos) token.Position { return r.pass.Fset.Position(pos) }

func (r *Reporter) flush() *Result {
	res := new(Result)
	fset := r.pass.Fset
	slices.SortStableFunc(r.findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(fset.Position(a.Pos).Filename, fset.Position(b.Pos).Filename),
			cmp.Compare(a.Pos, b.Pos),
			cmp.Compare(a.Category, b.Category),
			cmp.Compare(a.Message, b.Message))
	})
	used := make(map[*Directive]bool)
	var last Finding
	for i, f := range r.findings {
		if i > 0 && f.Pos == last.Pos && f.Category == last.Category && f.Message == last.Message {
			continue
		}
		last = f
		if f.Category != InternalError {
			if r.index.silent(fset, f.Pos) {
				continue
			}
			if d := r.index.cover(fset, r.check, f.Pos); d != nil {
				if !used[d] {
					used[d] = true
					res.Used = append(res.Used, d)
				}
				continue
			}
		}
		r.pass.Report(r.diagnostic(f))
	}
	return res
}

func (r *Reporter) diagnostic(f Finding) analysis.Diagnostic {
	d := analysis.Diagnostic{Pos: f.Pos, End: f.End, Category: f.Category, Message: f.Message}
	if r.index.related {
		d.Related = f.Related
	}
	if r.index.witness {
		d.Related = slices.Clip(d.Related)
		for _, st := range f.Witness {
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: st.Pos, End: st.End, Message: st.message()})
		}
	}
	if f.Fix != nil && !remapped(r.pass.Fset, f.Pos) {
		d.SuggestedFixes = []analysis.SuggestedFix{*f.Fix}
	}
	return d
}

// remapped reports whether a //line directive moves pos to another file.
func remapped(fset *token.FileSet, pos token.Pos) bool {
	return fset.PositionFor(pos, false).Filename != fset.PositionFor(pos, true).Filename
}

// EnclosingFile returns the file of the pass that holds pos, or nil.
func EnclosingFile(pass *analysis.Pass, pos token.Pos) *ast.File {
	for _, f := range pass.Files {
		if f.FileStart <= pos && pos < f.FileEnd {
			return f
		}
	}
	return nil
}
