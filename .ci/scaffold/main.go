// Command scaffold writes the files of a new analyzer:
//
//	go run ./.ci/scaffold [-family F] NAME
package main

import (
	"bytes"
	"embed"
	"errors"
	"flag"
	"fmt"
	"go/format"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

//go:embed templates
var templates embed.FS

// targets tells where each template goes; NAME stands for the analyzer.
var targets = []struct{ template, file string }{
	{"doc.tmpl", "analyzers/NAME/doc.go"},
	{"check.tmpl", "analyzers/NAME/NAME.go"},
	{"test.tmpl", "analyzers/NAME/NAME_test.go"},
	{"bad.tmpl", "testdata/src/NAME/bad/NAME.go"},
	{"good.tmpl", "testdata/src/NAME/good/NAME.go"},
}

var families = []string{"channels", "locks", "goroutines", "races", "misuse"}

func main() {
	family := flag.String("family", "misuse", strings.Join(families, ", "))
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: go run ./.ci/scaffold [-family F] NAME")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := scaffold(".", flag.Arg(0), *family); err != nil {
		fmt.Fprintln(os.Stderr, "scaffold:", err)
		os.Exit(1)
	}
	fmt.Printf(`Next:
  write testdata/src/%[1]s/bad and good, then analyzers/%[1]s
  go test ./analyzers/%[1]s -update
  add %[1]s.Check to analyzers/suite.go
  go test ./analyzers -run Docs -update
docs/contributing.md says more.
`, flag.Arg(0))
}

// scaffold writes the files below root. It overwrites nothing.
func scaffold(root, name, family string) error {
	if !regexp.MustCompile(`^[a-z][a-z0-9]*$`).MatchString(name) || token.IsKeyword(name) {
		return fmt.Errorf("%q is no name for an analyzer: one lower-case word, such as doubleclose", name)
	}
	if !slices.Contains(families, family) {
		return fmt.Errorf("no family %q; there are %s", family, strings.Join(families, ", "))
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil || !bytes.HasPrefix(mod, []byte("module github.com/conclint/conclint\n")) {
		return errors.New("run it at the top of conclint's repository")
	}
	all, err := template.ParseFS(templates, "templates/*.tmpl")
	if err != nil {
		return err
	}
	var files []string
	texts := make(map[string][]byte)
	for _, t := range targets {
		file := filepath.Join(root, filepath.FromSlash(strings.ReplaceAll(t.file, "NAME", name)))
		if _, err := os.Stat(file); err == nil {
			return fmt.Errorf("%s exists", file)
		}
		var b bytes.Buffer
		if err := all.ExecuteTemplate(&b, t.template, map[string]string{"Name": name, "Family": strings.ToUpper(family[:1]) + family[1:]}); err != nil {
			return err
		}
		text, err := format.Source(b.Bytes()) // the order of the imports depends on the name
		if err != nil {
			return fmt.Errorf("%s: %w", t.template, err)
		}
		files = append(files, file)
		texts[file] = text
	}
	for _, file := range files {
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(file, texts[file], 0o666); err != nil {
			return err
		}
		fmt.Println(file)
	}
	return nil
}
