package raceflag

import (
	"regexp"
	"strings"
)

// A command is a go test.
type command struct {
	place   Place
	ignored bool // by a directive with a reason
	noCgo   bool
}

var (
	// Before the command stands nothing, a separator, or the end of a prefix.
	testCommand = regexp.MustCompile(`(?:^|[\s;&|("'` + "`" + `@\[-])((?:go|gotip|\$[({]?\w*GO\w*[)}]?)\s+test\b|gotestsum\b|richgo\s+test\b|"go",\s*"test"|'go',\s*'test')`)
	raceFlag    = regexp.MustCompile(`(?:^|[^\w/.])--?race\b(=\w+)?|[=:]\s*race\b|\brace:\s*["']?true`)
	otherGo     = regexp.MustCompile(`\bgo\s+(?:build|run|install|vet|list)\b`)
	printed     = regexp.MustCompile(`^\s*[@-]*\s*(?:echo|printf|print|log|info|warn)\b`)
	title       = regexp.MustCompile(`^\s*(?:-\s+)?(?:name|desc|description|title|summary|label|key|displayName|message|restore-keys|about|context|uses|image)\s*:`)
	jobName     = regexp.MustCompile(`^\s*["']?[\w ./()-]+["']?:\s*$`)
	assignment  = regexp.MustCompile(`^\s*(?:export\s+|local\s+|readonly\s+)?(\w+)\s*(?:[:?+!]|::)?=`)
	variable    = regexp.MustCompile(`\$[({]?\s*(\w+)`)
	word        = regexp.MustCompile(`\w+`)
	benchOnly   = regexp.MustCompile(`-run[= ]["']?(?:\^\$|NONE|XXX|-|\^#|\$\^)|-(?:test\.)?(?:c|list|fuzz|bench|update)\b`)
	otherSystem = regexp.MustCompile(`\bGOARCH["']?\s*[=:]\s*["']?(?:386|arm|mips\w*|wasm)\b|\bGOOS["']?\s*[=:]\s*["']?(?:js|wasip1|android|ios|plan9|solaris|illumos|aix|openbsd|dragonfly)\b`)
	cgoOff      = regexp.MustCompile(`\bCGO_ENABLED["']?\s*(?:[:?]?=|:)\s*["']?0\b`)
	directive   = regexp.MustCompile(`(?:#|//)\s*conclint:ignore\s+([\w,]+)\s+\S`)
	remoteUse   = regexp.MustCompile(`^\s*uses:\s*["']?\w[\w./-]*\.github/workflows/[\w.-]*(?:test|ci|go|check|build|unit)`)
	remoteInc   = regexp.MustCompile(`^\s*-?\s*(?:remote|project|template|component):`)
)

// words counts the words of the file, to know which variables are used.
func (f *file) words(count map[string]int) {
	for _, line := range f.lines {
		for _, w := range word.FindAllString(line, -1) {
			count[w]++
		}
	}
}

// remote reports whether the file runs what is not in the repository, and may
// be the tests.
func (f *file) remote() bool {
	gitlab := f.rank == 1
	for _, line := range f.lines {
		if f.lang == yaml && (remoteUse.MatchString(line) || gitlab && remoteInc.MatchString(line)) {
			return true
		}
	}
	return false
}

// race reports whether the file has the flag where it can come to a test.
func (f *file) race(uses map[string]int) bool {
	for _, line := range f.lines {
		if m := assignment.FindStringSubmatch(line); m != nil && uses[m[1]] < 2 && m[1] != "GOFLAGS" && f.lang != yaml {
			continue // nobody uses the variable
		}
		if f.lang == yaml && title.MatchString(line) {
			continue
		}
		for _, part := range parts(line) {
			m := raceFlag.FindStringSubmatch(part)
			if m == nil || m[1] == "=false" || m[1] == "=0" || printed.MatchString(part) || otherGo.MatchString(part) && !testCommand.MatchString(part) {
				continue
			}
			return true
		}
	}
	return false
}

// parts splits a line into its commands.
func parts(line string) []string {
	return strings.FieldsFunc(line, func(r rune) bool { return r == ';' || r == '&' || r == '|' })
}

// tests finds the commands that run tests and could run them with the race
// detector.
func (f *file) tests(uses map[string]int) []*command {
	var list []*command
	for i, line := range f.lines {
		m := testCommand.FindStringSubmatchIndex(line)
		if m == nil || f.lang == yaml && (title.MatchString(line) || jobName.MatchString(line)) {
			continue
		}
		if f.lang == makefile && strings.HasPrefix(strings.TrimSpace(line), "$(info") {
			continue
		}
		whole := f.continued(i)
		skip := benchOnly.MatchString(whole) || otherSystem.MatchString(whole) || otherSystem.MatchString(f.step(i))
		for _, part := range parts(line[:m[3]]) {
			skip = skip || printed.MatchString(part) || strings.Contains(part, "echo ")
		}
		for _, v := range variable.FindAllStringSubmatch(whole[min(len(whole), m[2]):], -1) {
			// Set outside, perhaps to the flag.
			skip = skip || uses[v[1]] < 2 && v[1] != "PWD" && v[1] != "GO" && v[1] != "GOPATH"
		}
		if skip {
			continue
		}
		list = append(list, &command{
			place:   Place{File: f.name, Line: i + 1, Column: m[2] + 1, End: m[3] + 1},
			ignored: f.ignored(i),
			noCgo:   cgoOff.MatchString(whole) || cgoOff.MatchString(strings.Join(f.lines, "\n")),
		})
	}
	return list
}

// continued returns the line with those it goes on in.
func (f *file) continued(i int) string {
	var b strings.Builder
	for ; i < len(f.lines); i++ {
		line, more := strings.CutSuffix(strings.TrimRight(f.lines[i], " \t\r"), `\`)
		b.WriteString(line + " ")
		if !more {
			break
		}
	}
	return b.String()
}

// step returns the item of a YAML list that the line is a part of: a step with
// its environment.
func (f *file) step(i int) string {
	if f.lang != yaml {
		return ""
	}
	from, indent := i, -1
	for ; from >= 0; from-- {
		if trimmed := strings.TrimLeft(f.lines[from], " "); strings.HasPrefix(trimmed, "- ") {
			indent = len(f.lines[from]) - len(trimmed)
			break
		}
	}
	if indent < 0 {
		return f.lines[i]
	}
	to := from + 1
	for ; to < len(f.lines); to++ {
		trimmed := strings.TrimLeft(f.lines[to], " ")
		if trimmed != "" && len(f.lines[to])-len(trimmed) <= indent {
			break
		}
	}
	return strings.Join(f.lines[from:to], "\n")
}

// ignored reports whether a directive on the line or above it, in a comment of its
// own, names the check and gives a reason.
func (f *file) ignored(i int) bool {
	for j := i; j >= 0; j-- {
		if m := directive.FindStringSubmatch(f.raw[j]); m != nil {
			for name := range strings.SplitSeq(m[1], ",") {
				if name == Check.Name || name == string(Check.Family) || name == "all" {
					return true
				}
			}
		}
		// Comments that stand above belong to the line.
		if j < i && strings.TrimSpace(f.lines[j]) != "" || j > 0 && j < i && strings.TrimSpace(f.raw[j]) == "" {
			break
		}
	}
	return false
}
