package raceflag

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// maxFile bounds the files that are read.
const maxFile = 1 << 20

// read returns the files of the repository that can hold commands, those of the
// services first.
func read(repo fs.FS, module string) ([]*file, error) {
	var files []*file
	err := walk(repo, ".", func(name string, d fs.DirEntry) error {
		l, rank, ok := kindOf(name)
		script := !ok && path.Ext(name) == "" && (strings.Contains(name, "/") || strings.HasPrefix(name, "."))
		if !ok && !script {
			return nil
		}
		info, err := d.Info()
		if err != nil || info.Size() > maxFile || script && info.Mode()&0o111 == 0 {
			return nil // a broken link, or no script
		}
		data, err := fs.ReadFile(repo, name)
		if err != nil {
			return nil
		}
		if script {
			first, _, _ := bytes.Cut(data, []byte("\n"))
			if !bytes.HasPrefix(first, []byte("#!")) || !bytes.Contains(first, []byte("sh")) {
				return nil
			}
			l, rank = shell, 8
		}
		f := &file{name: name, lang: l, rank: rank, raw: strings.Split(string(data), "\n")}
		f.inModule = within(repo, name, module)
		f.strip()
		files = append(files, f)
		return nil
	})
	slices.SortFunc(files, func(a, b *file) int { return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.name, b.name)) })
	return files, err
}

// walk visits the files below dir, without what others wrote and what is only
// data.
func walk(repo fs.FS, dir string, visit func(string, fs.DirEntry) error) error {
	return fs.WalkDir(repo, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			switch d.Name() {
			case ".git", "vendor", "node_modules", "testdata", "third_party":
				return fs.SkipDir
			}
			return nil
		}
		return visit(name, d)
	})
}

// within reports whether a file belongs to the module and to no module in it.
func within(repo fs.FS, name, module string) bool {
	for dir := path.Dir(name); ; dir = path.Dir(dir) {
		if dir == module {
			return true
		}
		if _, err := fs.Stat(repo, path.Join(dir, "go.mod")); err == nil || dir == "." {
			return false
		}
	}
}

// strip takes comments away, keeping columns.
func (f *file) strip() {
	f.lines = slices.Clone(f.raw)
	mark := "#"
	switch f.lang {
	case slashes:
		mark = "//"
	case plain:
		return
	}
	for i, line := range f.lines {
		for from := 0; ; {
			j := strings.Index(line[from:], mark)
			if j < 0 {
				break
			}
			j += from
			if (j == 0 || line[j-1] == ' ' || line[j-1] == '\t') && !quoted(line[:j]) {
				f.lines[i] = line[:j]
				break
			}
			from = j + len(mark)
		}
	}
}

// quoted reports whether a quotation is open at the end of s.
func quoted(s string) bool {
	var open rune
	for _, r := range s {
		switch {
		case open != 0 && r == open:
			open = 0
		case open == 0 && (r == '"' || r == '\''):
			open = r
		}
	}
	return open != 0
}

var goStatement = regexp.MustCompile(`\bgo\s+[\w(]|\.Go\(func`)

// goroutine finds the first go statement of the module, tests left out. It is
// nil when there is none, and when a Go program of the module runs the tests
// with the race detector.
func goroutine(repo fs.FS, module string) (start *Place, err error) {
	runs := false
	err = walk(repo, module, func(name string, d fs.DirEntry) error {
		if path.Ext(name) != ".go" || !within(repo, name, module) {
			return nil
		}
		data, err := fs.ReadFile(repo, name)
		if err != nil {
			return nil
		}
		if bytes.Contains(data, []byte(`"-race"`)) && bytes.Contains(data, []byte(`"test"`)) {
			runs = true
			return fs.SkipAll
		}
		if start == nil && !strings.HasSuffix(name, "_test.go") && goStatement.Match(data) {
			start = firstGo(name, data)
		}
		return nil
	})
	if runs {
		start = nil
	}
	return start, err
}

func firstGo(name string, src []byte) *Place {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	var found ast.Node
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = cmp.Or[ast.Node](found, n)
		case *ast.CallExpr:
			// Of a WaitGroup or errgroup.
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Go" && len(n.Args) == 1 {
				if _, ok := n.Args[0].(*ast.FuncLit); ok {
					found = cmp.Or[ast.Node](found, n)
				}
			}
		}
		return found == nil
	})
	if found == nil {
		return nil
	}
	at := fset.Position(found.Pos())
	return &Place{File: name, Line: at.Line, Column: at.Column, End: at.Column + len("go")}
}
