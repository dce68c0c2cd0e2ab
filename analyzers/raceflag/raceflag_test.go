package raceflag_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/conclint/conclint/analyzers/raceflag"
)

// fixtures holds repositories, since that is what the check looks at: bad ones, and
// good ones, among which each bad one has its twin, repaired by the smallest edit.
var fixtures = filepath.Join("..", "..", "testdata", "src", "raceflag")

// TestFind looks at the repositories. Each is an archive whose comment says what it
// shows; what stands after "want" in it is what is found, and "module" names the
// module's folder.
func TestFind(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(fixtures, "*", "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, name := range names {
		kind := filepath.Base(filepath.Dir(name))
		if kind == "bad" {
			if _, err := os.Stat(filepath.Join(fixtures, "good", filepath.Base(name))); err != nil {
				t.Errorf("%s has no twin: %v", name, err)
			}
		}
		t.Run(kind+"/"+strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
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
			if (want != "") != (kind == "bad") {
				t.Fatalf("it is among the %s ones, and wants %q", kind, want)
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
