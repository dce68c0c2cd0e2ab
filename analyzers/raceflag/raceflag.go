package raceflag

import (
	_ "embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
)

//go:embed doc.go
var doc string

// Check is what users are told about the check. Its analyzer does nothing: the
// conclint command calls [Find].
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Races,
	Default:    true,
	DriverOnly: true,
	Categories: []string{Category},
	Run:        func(*analysis.Pass, *diag.Reporter) error { return nil },
})

// Analyzer is what a driver runs, to no effect.
var Analyzer = Check.Analyzer

// Category is the category of the finding.
const Category = "no-race"

// A Place is a stretch of one line. File is relative to the repository; lines and
// columns count from 1, columns in bytes.
type Place struct {
	File              string
	Line, Column, End int
}

// A Finding is what there is to say about a module.
type Finding struct {
	Place
	Message string
	// Goroutine is where the module starts one.
	Goroutine Place
}

// Find looks at the module in a folder of a repository ("." for its top). It
// returns nil when there is nothing to say.
func Find(repo fs.FS, module string) (*Finding, error) {
	files, err := read(repo, module)
	if err != nil {
		return nil, err
	}
	uses := make(map[string]int) // of words that can be names of variables
	for _, f := range files {
		f.words(uses)
	}
	var first *command
	for _, f := range files {
		if f.remote() || f.race(uses) {
			return nil, nil
		}
		if !f.inModule || !f.forTests(module) {
			continue
		}
		for _, c := range f.tests(uses) {
			if c.ignored {
				return nil, nil
			}
			if first == nil {
				first = c
			}
		}
	}
	if first == nil {
		return nil, nil
	}
	start, err := goroutine(repo, module)
	if err != nil || start == nil {
		return nil, err
	}
	remedy := "add -race"
	if first.noCgo {
		remedy = "add -race, with CGO_ENABLED=1"
	}
	name := path.Base(start.File)
	return &Finding{
		Place: first.place, Goroutine: *start,
		Message: fmt.Sprintf("no test command uses the race detector, and the module starts goroutines (%s:%d): data races may be missed; %s", name, start.Line, remedy),
	}, nil
}

// A file is one that can hold commands.
type file struct {
	name     string
	lang     lang
	rank     int
	lines    []string // without comments
	raw      []string
	inModule bool
}

// A lang tells how comments and commands look.
type lang int

const (
	yaml lang = iota
	makefile
	shell
	slashes // comments as in Go: Jenkinsfile, mage
	plain   // no comments: JSON
)

var testScript = regexp.MustCompile(`(?i)test|check|ci\b`)

// forTests reports whether the commands of the file are how the module is tested:
// those of a service and at the top of the module; of scripts elsewhere those that
// say so in their name. Others make benchmarks, golden files and the like.
func (f *file) forTests(module string) bool {
	switch {
	case f.rank < 5:
		return true
	case f.rank < 8:
		return path.Dir(f.name) == module
	}
	return testScript.MatchString(path.Base(f.name))
}

// kindOf tells whether a file can hold commands, and the rank of its kind: what
// runs on a server comes first.
func kindOf(name string) (l lang, rank int, ok bool) {
	base, dir := path.Base(name), path.Dir(name)
	lower := strings.ToLower(base)
	isYAML := strings.HasSuffix(lower, ".yml") || strings.HasSuffix(lower, ".yaml")
	under := func(d string) bool { return strings.HasPrefix(name, d+"/") || strings.Contains(name, "/"+d+"/") }
	switch {
	case isYAML && (under(".github/workflows") || under(".github/actions")):
		return yaml, 0, true
	case isYAML && (lower == ".gitlab-ci.yml" || under(".gitlab")):
		return yaml, 1, true
	case isYAML && under(".circleci"):
		return yaml, 2, true
	case strings.HasPrefix(base, "Jenkinsfile"):
		return slashes, 3, true
	case isYAML && (dir == "." || strings.HasPrefix(base, ".")) && isCI(lower):
		return yaml, 4, true
	case strings.HasPrefix(lower, "makefile") || lower == "gnumakefile" || strings.HasSuffix(lower, ".mk"):
		return makefile, 5, true
	case isYAML && strings.HasPrefix(lower, "taskfile"):
		return yaml, 6, true
	case lower == "justfile" || lower == ".justfile" || strings.HasSuffix(lower, ".just"):
		return shell, 6, true
	case lower == "magefile.go" || strings.HasSuffix(lower, ".go") && path.Base(dir) == "magefiles":
		return slashes, 6, true
	case base == "package.json":
		return plain, 7, true
	case strings.HasSuffix(lower, ".sh") || strings.HasSuffix(lower, ".bash") || strings.HasSuffix(lower, ".ps1") || base == ".bazelrc":
		return shell, 8, true
	}
	return 0, 0, false
}

// isCI knows the files of other services, which all are YAML with commands.
func isCI(base string) bool {
	switch strings.TrimSuffix(strings.TrimSuffix(base, ".yml"), ".yaml") {
	case ".travis", ".drone", ".cirrus", ".woodpecker", "azure-pipelines", "bitbucket-pipelines", "appveyor", ".appveyor", "cloudbuild", "wercker", ".pre-commit-config", "lefthook":
		return true
	}
	return false
}
