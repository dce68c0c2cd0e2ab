package report

import (
	"cmp"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	sarifVersion = "2.1.0"
	sarifSchema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

	// sarifBase stands for the root of the checkout, which whoever reads the file fills in.
	sarifBase = "%SRCROOT%"

	// fingerprintKey names how the fingerprint is made; a change of fingerprints gives it a new number.
	fingerprintKey = "conclintFinding/v1"

	// shortText is as much of a rule's full description as code scanning takes.
	shortText = 1000
)

// The types below are the part of SARIF 2.1.0 that conclint fills in.

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool       sarifTool            `json:"tool"`
	BaseIDs    map[string]sarifRoot `json:"originalUriBaseIds"`
	ColumnKind string               `json:"columnKind"`
	Results    []sarifResult        `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifRoot struct {
	Description sarifMessage `json:"description"`
}

type sarifDriver struct {
	Name            string      `json:"name"`
	Version         string      `json:"version,omitempty"`
	SemanticVersion string      `json:"semanticVersion,omitempty"`
	InformationURI  string      `json:"informationUri"`
	Rules           []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID               string              `json:"id"`
	Name             string              `json:"name"`
	ShortDescription sarifMessage        `json:"shortDescription"`
	FullDescription  sarifMessage        `json:"fullDescription"`
	Help             sarifMessage        `json:"help"`
	HelpURI          string              `json:"helpUri,omitempty"`
	Configuration    sarifConfiguration  `json:"defaultConfiguration"`
	Properties       sarifRuleProperties `json:"properties"`
}

type sarifConfiguration struct {
	Enabled bool   `json:"enabled"`
	Level   string `json:"level"`
}

type sarifRuleProperties struct {
	Categories []string `json:"categories,omitempty"`
	Precision  string   `json:"precision"`
	Severity   string   `json:"problem.severity"`
	Tags       []string `json:"tags"`
}

type sarifMessage struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifMessage      `json:"message"`
	Locations    []sarifLocation   `json:"locations,omitempty"`
	Related      []sarifLocation   `json:"relatedLocations,omitempty"`
	CodeFlows    []sarifCodeFlow   `json:"codeFlows,omitempty"`
	Fixes        []sarifFix        `json:"fixes,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Properties   *sarifProperties  `json:"properties,omitempty"`
}

type sarifProperties struct {
	Category string `json:"category,omitempty"`
	Package  string `json:"package,omitempty"`
}

type sarifLocation struct {
	ID       *int           `json:"id,omitempty"`
	Message  *sarifMessage  `json:"message,omitempty"`
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI    string `json:"uri"`
	BaseID string `json:"uriBaseId,omitempty"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn,omitempty"`
	EndLine     int `json:"endLine,omitempty"`
	EndColumn   int `json:"endColumn,omitempty"`
}

type sarifCodeFlow struct {
	ThreadFlows []sarifThreadFlow `json:"threadFlows"`
}

type sarifThreadFlow struct {
	ID        string           `json:"id"`
	Locations []sarifFlowPlace `json:"locations"`
}

type sarifFlowPlace struct {
	Location       sarifLocation `json:"location"`
	ExecutionOrder int           `json:"executionOrder"`
}

type sarifFix struct {
	Description *sarifMessage `json:"description,omitempty"`
	Changes     []sarifChange `json:"artifactChanges"`
}

type sarifChange struct {
	Artifact     sarifArtifact      `json:"artifactLocation"`
	Replacements []sarifReplacement `json:"replacements"`
}

type sarifReplacement struct {
	Deleted  sarifRegion   `json:"deletedRegion"`
	Inserted *sarifContent `json:"insertedContent,omitempty"`
}

type sarifContent struct {
	Text string `json:"text"`
}

func renderSARIF(r *run) ([]byte, error) {
	driver := sarifDriver{
		Name:            toolName,
		Version:         r.Version,
		SemanticVersion: semanticVersion(r.Version),
		InformationURI:  toolURL,
		Rules:           []sarifRule{},
	}
	for _, rule := range r.rules {
		driver.Rules = append(driver.Rules, sarifRuleOf(rule))
	}
	results := []sarifResult{}
	prints := r.fingerprints()
	for i, f := range r.findings {
		results = append(results, r.sarifResult(f, prints[i]))
	}
	return marshal(sarifLog{
		Schema:  sarifSchema,
		Version: sarifVersion,
		Runs: []sarifRun{{
			Tool:       sarifTool{driver},
			BaseIDs:    map[string]sarifRoot{sarifBase: {sarifMessage{Text: "The root of the checkout."}}},
			ColumnKind: "utf16CodeUnits",
			Results:    results,
		}},
	})
}

func sarifRuleOf(rule Rule) sarifRule {
	summary := cmp.Or(rule.Summary, rule.Name)
	severity := rule.level()
	if severity == "note" {
		severity = "recommendation"
	}
	tags := []string{"concurrency"}
	if rule.Family != "" && rule.Family != tags[0] {
		tags = append(tags, rule.Family)
	}
	return sarifRule{
		ID:               rule.Name,
		Name:             rule.Name,
		ShortDescription: sarifMessage{Text: summary},
		FullDescription:  sarifMessage{Text: cmp.Or(firstParagraph(rule.Doc), summary)},
		Help:             sarifMessage{Text: cmp.Or(rule.Doc, summary), Markdown: rule.Doc},
		HelpURI:          rule.URL,
		Configuration:    sarifConfiguration{rule.Default, rule.level()},
		Properties: sarifRuleProperties{
			Categories: rule.Categories,
			Precision:  cmp.Or(rule.Precision, "high"),
			Severity:   severity,
			Tags:       tags,
		},
	}
}

func (r *run) sarifResult(f Finding, fingerprint string) sarifResult {
	res := sarifResult{
		RuleID:       f.Analyzer,
		RuleIndex:    r.ruleAt[f.Analyzer],
		Level:        r.level(f),
		Message:      sarifMessage{Text: linked(f)},
		Fingerprints: map[string]string{fingerprintKey: fingerprint},
	}
	if f.Category != "" || f.Package != "" {
		res.Properties = &sarifProperties{f.Category, f.Package}
	}
	if at := r.sarifPhysical(f.Range); at != nil {
		res.Locations = []sarifLocation{{Physical: at}}
	}
	for i, rel := range f.Related {
		id := i + 1
		res.Related = append(res.Related, sarifLocation{&id, &sarifMessage{Text: rel.Message}, r.sarifPhysical(rel.Range)})
	}
	for _, fix := range f.Fixes {
		if fix, ok := r.sarifFix(fix); ok {
			res.Fixes = append(res.Fixes, fix)
		}
	}
	if len(f.Witness) > 0 {
		res.CodeFlows = []sarifCodeFlow{{r.sarifThreads(f.Witness)}}
	}
	return res
}

// sarifThreads deals the steps of a schedule out to a thread flow per goroutine; their executionOrder tells the schedule.
func (r *run) sarifThreads(steps []Step) []sarifThreadFlow {
	var threads []sarifThreadFlow
	for i, s := range steps {
		t := slices.IndexFunc(threads, func(t sarifThreadFlow) bool { return t.ID == s.Goroutine })
		if t < 0 {
			t = len(threads)
			threads = append(threads, sarifThreadFlow{ID: s.Goroutine})
		}
		place := sarifLocation{Message: &sarifMessage{Text: stepText(s)}, Physical: r.sarifPhysical(s.Range)}
		threads[t].Locations = append(threads[t].Locations, sarifFlowPlace{place, i + 1})
	}
	return threads
}

// sarifFix translates a fix, with one change per file in the order of its edits. It fails if the source does not show where an
// edit is.
func (r *run) sarifFix(fix Fix) (sarifFix, bool) {
	var out sarifFix
	if fix.Message != "" {
		out.Description = &sarifMessage{Text: fix.Message}
	}
	for _, e := range fix.Edits {
		at, ok := r.src.editRange(e)
		if !ok {
			return out, false
		}
		artifact := sarifArtifactOf(e.File)
		i := slices.IndexFunc(out.Changes, func(c sarifChange) bool { return c.Artifact == artifact })
		if i < 0 {
			i = len(out.Changes)
			out.Changes = append(out.Changes, sarifChange{Artifact: artifact})
		}
		rep := sarifReplacement{Deleted: *sarifRegionOf(r.src.utf16(at))}
		if e.New != "" {
			rep.Inserted = &sarifContent{e.New}
		}
		out.Changes[i].Replacements = append(out.Changes[i].Replacements, rep)
	}
	return out, len(out.Changes) > 0
}

func (r *run) sarifPhysical(at Range) *sarifPhysical {
	if at.File == "" {
		return nil
	}
	return &sarifPhysical{sarifArtifactOf(at.File), sarifRegionOf(r.src.utf16(at))}
}

func sarifRegionOf(r Range) *sarifRegion {
	if r.Line <= 0 {
		return nil
	}
	region := sarifRegion{StartLine: r.Line, StartColumn: max(0, r.Column)}
	if r.EndLine >= r.Line {
		region.EndLine = r.EndLine
		if r.Column > 0 {
			region.EndColumn = max(0, r.EndColumn)
		}
	}
	return &region
}

// sarifArtifactOf turns a file name into a URI: relative to the root, or absolute if the file lies outside.
func sarifArtifactOf(file string) sarifArtifact {
	switch {
	case path.IsAbs(file):
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: file}).String()}
	case len(file) > 2 && file[1] == ':' && file[2] == '/': // a drive of Windows
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: "/" + file}).String()}
	}
	return sarifArtifact{URI: (&url.URL{Path: file}).String(), BaseID: sarifBase}
}

// linked returns the message of a finding with links in place of the words that name a Related position ("line 34", or
// "bank.go:52" for another file): code scanning shows a related location only where the message links to it.
func linked(f Finding) string {
	type link struct{ start, end, id int }
	var links []link
	for i, rel := range f.Related {
		if rel.Line <= 0 || rel.File == "" {
			continue
		}
		line := strconv.Itoa(rel.Line)
		words := []string{rel.File + ":" + line, path.Base(rel.File) + ":" + line}
		if rel.File == f.File {
			words = append(words, "line "+line)
		}
		for _, word := range words {
			at := indexWord(f.Message, word)
			if at >= 0 && !slices.ContainsFunc(links, func(l link) bool { return at < l.end && l.start < at+len(word) }) {
				links = append(links, link{at, at + len(word), i + 1})
				break
			}
		}
	}
	slices.SortFunc(links, func(a, b link) int { return cmp.Compare(a.start, b.start) })
	var b strings.Builder
	last := 0
	for _, l := range links {
		fmt.Fprintf(&b, "%s[%s](%d)", f.Message[last:l.start], f.Message[l.start:l.end], l.id)
		last = l.end
	}
	b.WriteString(f.Message[last:])
	return b.String()
}

// indexWord returns where word, which ends in a number, stands in s on its own: with no letter, digit or part of a path
// on either side.
func indexWord(s, word string) int {
	inside := func(c byte) bool {
		return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80 || strings.IndexByte("_-./\\", c) >= 0
	}
	for from := 0; ; {
		i := strings.Index(s[from:], word)
		if i < 0 {
			return -1
		}
		i += from
		end := i + len(word)
		if (i == 0 || !inside(s[i-1])) && (end == len(s) || s[end] < '0' || s[end] > '9') {
			return i
		}
		from = i + 1
	}
}

// firstParagraph returns the first paragraph of a Markdown page that is neither heading, code nor list, on one line and
// without the marks of code.
func firstParagraph(doc string) string {
	fenced := false
	for _, block := range strings.Split(strings.ReplaceAll(doc, "\r\n", "\n"), "\n\n") {
		inFence := fenced
		if strings.Count(block, "```")%2 == 1 {
			fenced = !fenced
		}
		var lines []string
		for line := range strings.SplitSeq(strings.Trim(block, "\n"), "\n") {
			if !strings.HasPrefix(line, "#") { // a heading may stand right above its text
				lines = append(lines, line)
			}
		}
		text := strings.Join(lines, "\n")
		if inFence || strings.TrimSpace(text) == "" || strings.Contains(text, "```") || strings.HasPrefix(text, "    ") ||
			strings.HasPrefix(text, "\t") || strings.HasPrefix(text, "- ") || strings.HasPrefix(text, "* ") || strings.HasPrefix(text, "|") {
			continue
		}
		text = strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "`", "")
		if runes := []rune(text); len(runes) > shortText {
			text = string(runes[:shortText]) + "…"
		}
		return text
	}
	return ""
}

// semanticVersion returns version without its v if it is a semantic version, else nothing.
func semanticVersion(version string) string {
	version = strings.TrimPrefix(version, "v")
	semver := regexp.MustCompile(`^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`)
	if !semver.MatchString(version) {
		return ""
	}
	return version
}
