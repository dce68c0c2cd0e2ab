package driver

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A problem is something that went wrong. Any of them means exit code 2.
type problem struct {
	at   string // where, if it is about a line of source: file and padded numbers, for sorting
	text string
}

// problem records what went wrong, once.
func (r *runner) problem(text string) { r.problemAt("", text) }

func (r *runner) problemAt(at, text string) {
	if p := (problem{at, text}); !slices.Contains(r.problems, p) {
		r.problems = append(r.problems, p)
	}
}

// problemLines returns what to print of the problems, in an order that does not depend on that in which packages were done: the
// compiler's messages, what follows from them, all else.
func (r *runner) problemLines() []string {
	var located, other []string
	slices.SortStableFunc(r.problems, func(a, b problem) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.text, b.text)) })
	for _, p := range r.problems {
		text := strings.TrimRight(p.text, "\n")
		if p.at == "" {
			other = append(other, text)
		} else {
			located = append(located, text)
		}
	}
	if paths := slices.Sorted(maps.Keys(r.skipped)); len(paths) > 0 {
		const most = 5
		text := strings.Join(paths, ", ")
		if more := len(paths) - most; more > 0 && !r.opts.verbose {
			text = fmt.Sprintf("%s, and %d more", strings.Join(paths[:most], ", "), more)
		}
		other = append(other, "conclint: not analysed because of that: "+text)
	}
	return append(located, other...)
}

// collect turns what go vet said on standard error into problems: each message of the compiler once, although go vet prints those
// of the compiler, of the vet tool, and of both for the variant of the package that its tests use.
func (r *runner) collect(ctx context.Context, m module, patterns []string, res vetResult) {
	if !res.failed {
		for line := range strings.Lines(res.stderr) { // warnings, such as of patterns that match nothing
			r.progress.note(strings.TrimRight(line, "\n"))
		}
		return
	}
	if strings.TrimSpace(res.stderr) == "" {
		r.problem("conclint: go vet failed and did not say why")
		return
	}
	if m.gomod == "" && noModule(res.stderr) {
		r.problem(fmt.Sprintf("conclint: there is no go.mod in %s or above it; run conclint inside a module", m.dir))
		return
	}
	if strings.Contains(res.stderr, "no packages to vet") {
		r.problem("conclint: no packages match " + strings.Join(patterns, " "))
		return
	}
	broken := make(map[string]bool)
	for _, b := range blocks(res.stderr) {
		if b.pkg != "" {
			broken[b.pkg] = true
		}
		r.message(m, b)
	}
	if len(broken) > 0 && ctx.Err() == nil {
		r.skip(r.dependents(ctx, m, patterns, broken))
	}
}

func noModule(stderr string) bool {
	return strings.Contains(stderr, "go.mod file not found") || strings.Contains(stderr, "does not contain main module") ||
		strings.Contains(stderr, "cannot find main module")
}

// A block is what go vet says about one package.
type block struct {
	pkg   string // "" if it is about the run as a whole
	lines []string
}

// blocks splits standard error at the lines "# package" and "# [package]".
func blocks(stderr string) []block {
	var list []block
	current := block{}
	flush := func() {
		if len(current.lines) > 0 || current.pkg != "" {
			list = append(list, current)
		}
	}
	for line := range strings.Lines(stderr) {
		line = strings.TrimRight(line, "\r\n")
		if pkg, ok := strings.CutPrefix(line, "# "); ok {
			flush()
			pkg = strings.Trim(pkg, "[]")
			pkg, _, _ = strings.Cut(pkg, " ")
			current = block{pkg: pkg}
			continue
		}
		current.lines = append(current.lines, line)
	}
	flush()
	return list
}

// position matches the start of a compiler message.
var position = regexp.MustCompile(`^(?:vet: |conclint: )?((?:[A-Za-z]:)?[^:\n]+\.[^:/\\\n]+:\d+(?::\d+)?): (.*)`)

// message records what a block says. Messages with a position are kept once for each position, lines that continue them too.
func (r *runner) message(m module, b block) {
	var rest []string
	for i := 0; i < len(b.lines); i++ {
		line := b.lines[i]
		match := position.FindStringSubmatch(line)
		if match == nil {
			if line != "too many errors" && (line != "" || len(rest) > 0) {
				rest = append(rest, strings.TrimPrefix(line, "go: "))
			}
			continue
		}
		text := r.relative(m, match[1]) + ": " + match[2]
		for i+1 < len(b.lines) && strings.HasPrefix(b.lines[i+1], "\t") {
			i++
			text += "\n" + b.lines[i]
		}
		at := sortable(m, match[1])
		if !slices.ContainsFunc(r.problems, func(p problem) bool { return p.at == at }) {
			r.problemAt(at, text)
		}
	}
	if len(rest) == 0 {
		return
	}
	text := strings.Join(rest, "\n")
	if b.pkg != "" {
		text = fmt.Sprintf("package %s: %s", b.pkg, text)
	}
	if !strings.HasPrefix(text, "conclint: ") {
		text = "conclint: " + text
	}
	r.problem(text)
}

// sortable returns a position with the file's path on disk, as a text that sorts by line and column and can be compared.
func sortable(m module, position string) string {
	file, line, col := parsePosition(position)
	if !filepath.IsAbs(file) {
		file = filepath.Join(m.dir, file)
	}
	return fmt.Sprintf("%s:%08d:%08d", file, line, col)
}

// relative returns a position that go vet printed relative to its own directory relative to ours.
func (r *runner) relative(m module, position string) string {
	file, _, _ := parsePosition(position)
	rest := position[len(file):]
	if !filepath.IsAbs(file) {
		if m.dir == r.env.Dir {
			return filepath.Clean(file) + rest
		}
		file = filepath.Join(m.dir, file)
	}
	return shorten(file, r.env.Dir) + rest
}

// shorten returns path relative to dir if that is shorter, as the go command prints paths.
func shorten(path, dir string) string {
	if rel, err := filepath.Rel(dir, path); err == nil && len(rel) < len(path) {
		return rel
	}
	return path
}

func plural(n int, word string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, word)
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// statistics prints what -v asks for.
func (r *runner) statistics() {
	fmt.Fprintf(r.env.Stderr, "conclint: %s analysed (external tests count on their own), %s, %s, %s\n",
		plural(r.units, "package"), plural(len(r.findings), "finding"), r.version, r.progress.elapsed())
}
