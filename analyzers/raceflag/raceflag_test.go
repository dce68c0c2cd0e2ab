package raceflag_test

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/conclint/conclint/analyzers/raceflag"
)

// TestFind looks at the repositories in testdata. Each is an archive whose comment
// says what it shows; the lines after "want" in it are what is found, and "module"
// names the module's folder.
func TestFind(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			repo := fstest.MapFS{}
			for _, f := range archive.Files {
				mode := 0o644
				if strings.HasPrefix(string(f.Data), "#!") {
					mode = 0o755
				}
				repo[f.Name] = &fstest.MapFile{Data: f.Data, Mode: fs.FileMode(mode)}
			}
			module, want := ".", ""
			for line := range strings.Lines(string(archive.Comment)) {
				if m, ok := strings.CutPrefix(line, "module "); ok {
					module = strings.TrimSpace(m)
				}
				if w, ok := strings.CutPrefix(line, "want "); ok {
					want = strings.TrimSpace(w)
				}
			}
			found, err := raceflag.Find(repo, module)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if found != nil {
				got = fmt.Sprintf("%s:%d:%d-%d: %s", found.File, found.Line, found.Column, found.End, found.Message)
				if len(found.Message) > 160 {
					t.Errorf("%d characters: %s", len(found.Message), found.Message)
				}
			}
			if got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}
