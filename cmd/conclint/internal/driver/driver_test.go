package driver

import (
	"bytes"
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/conclint/conclint/analyzers"
)

func newRunner() *runner {
	env := Env{Dir: "/w", Stdout: io.Discard, Stderr: io.Discard, Getenv: func(string) string { return "" }}
	opts := &options{tests: true}
	return &runner{env: env, opts: opts, progress: newProgress(env, opts)}
}

func TestParsePosition(t *testing.T) {
	for _, test := range []struct {
		in        string
		file      string
		line, col int
	}{
		{"/a/b.go:3:5", "/a/b.go", 3, 5},
		{`C:\a\b.go:3:5`, `C:\a\b.go`, 3, 5},
		{`C:\a\b.go:3`, `C:\a\b.go`, 3, 0},
		{"/a/b:7/c.go:3:5", "/a/b:7/c.go", 3, 5},
		{"/a/b.y:12", "/a/b.y", 12, 0},
		{"/a/b.go", "/a/b.go", 0, 0},
		{"/a/b.go:x:1", "/a/b.go:x", 1, 0},
		{"-", "", 0, 0},
		{"", "", 0, 0},
	} {
		if file, line, col := parsePosition(test.in); file != test.file || line != test.line || col != test.col {
			t.Errorf("parsePosition(%q) = %q, %d, %d", test.in, file, line, col)
		}
	}
}

func TestMakeRange(t *testing.T) {
	for _, test := range []struct {
		start, end string
		line, col  int
	}{
		{"/a.go:3:5", "/a.go:3:9", 3, 9},
		{"/a.go:3:5", "/a.go:4:1", 4, 1},
		{"/a.go:3:5", "/a.go:3:5", 0, 0}, // no end
		{"/a.go:3:5", "/a.go:2:9", 0, 0},
		{"/a.go:3:5", "/b.go:9:9", 0, 0},
		{"/a.go:3:5", "-", 0, 0},
	} {
		if r := makeRange(test.start, test.end); r.EndLine != test.line || r.EndColumn != test.col || r.Line != 3 || r.Column != 5 {
			t.Errorf("makeRange(%q, %q) = %+v", test.start, test.end, r)
		}
	}
}

// TestReadTrees feeds what go vet may print, and what it should not.
func TestReadTrees(t *testing.T) {
	const tree = "{\n\t\"p [p.test]\": {\n\t\t\"a\": [\n\t\t\t{\"posn\": \"/w/x.go:1:2\", \"end\": \"/w/x.go:1:4\", \"message\": \"# m\\n{\", \"category\": \"k\",\n" +
		"\t\t\t\"suggested_fixes\": [{\"message\": \"f\", \"edits\": [{\"filename\": \"/w/x.go\", \"start\": 1, \"end\": 2, \"new\": \"n\"}]}],\n" +
		"\t\t\t\"related\": [{\"posn\": \"/w/y.go:2:2\", \"end\": \"-\", \"message\": \"r\"}]}\n\t\t]\n\t}\n}\n"
	for _, test := range []struct {
		name, in        string
		units, findings int
		err             string
	}{
		{"nothing", "", 0, 0, ""},
		{"empty trees", "{}\n{}\n", 2, 0, ""},
		{"comments", "# p\n{}\n# [q]\n" + tree + "# r\n", 2, 1, ""},
		{"carriage returns", strings.ReplaceAll(tree, "\n", "\r\n"), 1, 1, ""},
		{"no newline at the end", tree[:len(tree)-1], 1, 1, ""},
		{"garbage around", "oops\n" + tree + "more\n" + tree, 2, 2, "unexpected: oops"},
		{"not JSON", "{oops}\n" + tree, 2, 1, "unexpected: invalid character 'o' looking for beginning of object key string"},
		{"cut short", tree + tree[:40], 1, 1, "unexpected: it ends in the middle of a value"},
		{"one line", `{"p":{"a":[{"posn":"/w/x.go:1:2","end":"","message":"m"}]}}` + "\n", 1, 1, ""},
		{"an error", `{"p":{"a":{"error":"no idea"},"b":{"error":"failed prerequisites: a"}}}`, 1, 0, ""},
	} {
		r := newRunner()
		units, err := r.readTrees(strings.NewReader(test.in))
		got := ""
		if err != nil {
			got = err.Error()
		}
		if units != test.units || len(r.findings) != test.findings || got != test.err {
			t.Errorf("%s: %d units, %d findings, error %q", test.name, units, len(r.findings), got)
		}
		if test.name == "comments" {
			f := r.findings[0]
			if f.Package != "p" || f.Category != "k" || f.EndColumn != 4 || f.Related[0].Abs != "/w/y.go" || f.Fixes[0].Edits[0].New != "n" {
				t.Errorf("%+v", f)
			}
		}
		if test.name == "an error" && !slices.Equal(r.problemLines(), []string{"conclint: analyzer a failed on package p: no idea"}) {
			t.Errorf("problems are %q", r.problems)
		}
	}
}

// TestMessages reads standard error of go vet.
func TestMessages(t *testing.T) {
	for _, test := range []struct{ name, stderr, want string }{
		{"compiler and tool", "# p\nx.go:1:2: bad\nx.go:2:2: worse\n# p [p.test]\nx.go:1:2: bad\n# [p]\nvet: /w/x.go:1:2: quite bad\n", "x.go:1:2: bad\nx.go:2:2: worse"},
		{"continued", "# p\nx.go:1:2: bad:\n\thave a\n\twant b\n# q\nx.go:1:2: bad:\n\thave a\n\twant c\n", "x.go:1:2: bad:\n\thave a\n\twant b"},
		{"a crash", "# p\npanic: oh\n\ngoroutine 1:\n\tx.go:3 +0x1\n", "conclint: package p: panic: oh\n\ngoroutine 1:\n\tx.go:3 +0x1"},
		{"the run", "go: updates to go.mod needed\n", "conclint: updates to go.mod needed"},
		{"too many", "# p\r\nx.go:1:2: bad\r\nx.go:1:2: too many errors\r\ntoo many errors\r\n", "x.go:1:2: bad"},
		{"assembly", "# p\n./x_amd64.s:12: unknown op\n", "x_amd64.s:12: unknown op"},
	} {
		r := newRunner()
		for _, b := range blocks(test.stderr) {
			r.message(module{dir: "/w"}, b)
		}
		if got := strings.Join(r.problemLines(), "\n"); got != test.want {
			t.Errorf("%s: %s", test.name, got)
		}
	}
}

func TestNotes(t *testing.T) {
	var shown []string
	n := &notes{show: func(s string) { shown = append(shown, s) }}
	for _, part := range []string{"go: down", "loading a v1\n# p\nx", ": bad\ngo: downloading b", " v2\nend"} {
		_, _ = io.WriteString(n, part)
	}
	if want := "# p\nx: bad\nend\n"; n.text() != want || !slices.Equal(shown, []string{"go: downloading a v1", "go: downloading b v2"}) {
		t.Errorf("text %q, shown %q", n.text(), shown)
	}
}

func TestOutputs(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"", "text:-"},
		{"-format json", "json:-"},
		{"-format sarif -o x", "sarif:x text:-"},
		{"-o x -format sarif", "sarif:x text:-"},
		{"-o x.sarif -o y.json -o z.xml -o t", "sarif:x.sarif json:y.json checkstyle:z.xml text:t text:-"},
		{"-format sarif -o x -format json", "sarif:x json:-"},
		{"-format json -o - -o x.sarif", "json:- sarif:x.sarif"},
	} {
		opts, err := parse(Env{Dir: "/w"}, strings.Fields(test.args), false)
		if err != nil {
			t.Errorf("%s: %v", test.args, err)
			continue
		}
		var got []string
		for _, o := range opts.outputs {
			got = append(got, o.format+":"+o.file)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %s", test.args, got)
		}
	}
}

func TestSplitDiff(t *testing.T) {
	const a, b = "@@ -1 +1 @@\n--- x (old)\n+y\n", "@@ -1 +1 @@\n-a\n+b\n"
	r := newRunner()
	var out bytes.Buffer
	r.env.Stdout = &out
	r.diffs = splitDiff([]byte("--- /w/b.go (old)\n+++ /w/b.go (new)\n" + b + "--- /w/a.go (old)\n+++ /w/a.go (new)\n" + a))
	if err := r.printDiffs("/"); err != nil || out.String() != "--- a/a.go\n+++ b/a.go\n"+a+"--- a/b.go\n+++ b/b.go\n"+b {
		t.Errorf("%v\n%s", err, out.String())
	}
}

// TestVettool checks what go vet's flags choose, and what is left of them for unitchecker.
func TestVettool(t *testing.T) {
	for _, test := range []struct{ args, run, notRun, rest string }{
		{"x.cfg", "ignore", "atomic", "x.cfg"},
		{"-json -enable=atomic x.cfg", "atomic ignore", "waitgroup", "-json x.cfg"},
		{"-atomic -json x.cfg", "atomic", "ignore waitgroup", "-json x.cfg"},
		{"-ignore=false -enable all x.cfg", "atomic waitgroup", "ignore", "x.cfg"},
		{"-disable=all -enable=atomic,waitgroup -fix -diff=true x.cfg", "atomic waitgroup", "ignore", "-fix -diff x.cfg"},
		{"-conclint.generated -conclint.related=false x.cfg", "ignore", "atomic", "-conclint.generated -conclint.related=false x.cfg"},
		{"-conclint=false -v -all -tags=x -c=2 x.cfg", "ignore", "atomic", "-v -all -tags=x -c=2 x.cfg"},
	} {
		args := strings.Fields(test.args)
		list, rest, err := Vettool(args)
		if err != nil || !IsVettool(args) {
			t.Errorf("%s: %v", test.args, err)
			continue
		}
		ran := make(map[string]bool)
		for _, a := range list {
			ran[a.Name] = true
		}
		for _, name := range strings.Fields(test.run + " conclint") {
			if !ran[name] {
				t.Errorf("%s: %s does not run", test.args, name)
			}
		}
		for _, name := range strings.Fields(test.notRun) {
			if ran[name] {
				t.Errorf("%s: %s runs", test.args, name)
			}
		}
		// What go vet reports itself is left out, whatever else is asked for.
		rest = slices.DeleteFunc(rest, func(arg string) bool { return arg == "-copylock.vet=false" })
		if strings.Join(rest, " ") != test.rest {
			t.Errorf("%s: the rest is %s", test.args, rest)
		}
	}
	for _, args := range []string{"-enable=atomc x.cfg", "-xyzzy x.cfg", "-atomic=maybe x.cfg", "-json=maybe x.cfg"} {
		if _, _, err := Vettool(strings.Fields(args)); err == nil {
			t.Errorf("%s: no error", args)
		}
	}
	for _, args := range []string{"-V=full", "-flags"} {
		list, rest, err := Vettool([]string{args})
		if err != nil || !IsVettool([]string{args}) || len(list) != len(analyzers.All())+1 || !slices.Equal(rest, []string{args}) {
			t.Errorf("%s: %d analyzers, %v, %v", args, len(list), rest, err)
		}
	}
	for _, args := range []string{"", "./...", "x.cfg ./...", "list"} {
		if IsVettool(strings.Fields(args)) {
			t.Errorf("%s is taken for go vet's protocol", args)
		}
	}
}

// TestExactly makes sure that what the driver asks for is what the tool understands, whichever analyzers there are.
func TestExactly(t *testing.T) {
	for _, c := range analyzers.All() {
		list, _, err := Vettool(append(exactly([]*analyzers.Check{c}), "x.cfg"))
		if err != nil || len(list) != 2 || list[0].Name != c.Name {
			t.Errorf("%s: %d analyzers, %v", c.Name, len(list), err)
		}
	}
}

// TestHelp makes sure that the help tells of every flag, and of none that there is not.
func TestHelp(t *testing.T) {
	set := new(options).flags()
	set.VisitAll(func(f *flag.Flag) {
		if strings.Contains(f.Name, ".") || f.Name == "modcacherw" {
			return
		}
		if !strings.Contains(helpText, "-"+f.Name+" ") && !strings.Contains(helpText, "-"+f.Name+"=") && !strings.Contains(helpText, "-"+f.Name+",") {
			t.Errorf("the help does not mention -%s", f.Name)
		}
	})
	for line := range strings.Lines(helpText) {
		if len(line) > 92 {
			t.Errorf("too long for a terminal: %s", line)
		}
		if rest, ok := strings.CutPrefix(line, "    -"); ok {
			name, _, _ := strings.Cut(strings.TrimSpace(strings.FieldsFunc(rest, func(r rune) bool { return r == ' ' || r == '=' })[0]), ".")
			if name != "NAME" && set.Lookup(name) == nil {
				t.Errorf("there is no flag -%s", name)
			}
		}
	}
}

// TestUnwritable is about a standard output that takes nothing.
func TestUnwritable(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module m\n\ngo 1.26\n", "m.go": "package m\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var stderr bytes.Buffer
	env := Env{Args: []string{"-format=json"}, Dir: dir, Tool: "/bin/true", Stdout: full{}, Stderr: &stderr, Getenv: os.Getenv}
	code := Main(context.Background(), env)
	if code != exitFailure || !strings.Contains(stderr.String(), "conclint: cannot write the report: file already closed") {
		t.Errorf("code %d: %s", code, stderr.String())
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, os.ErrClosed }
