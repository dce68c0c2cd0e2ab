package doors

import (
	"encoding/json"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/conclint/conclint/analyzers"
)

// golangci returns a golangci-lint with the plugin: the one that .ci/run built
// before, or else a new one, which takes minutes.
var golangci = sync.OnceValues(func() (string, error) {
	if exe := os.Getenv("CONCLINT_GOLANGCI"); exe != "" {
		return exe, nil
	}
	return build(root()+"/.ci/golangci", ".", "golangci")
})

// everything makes golangci-lint show all that the linter finds: by default it
// shows one issue a line, three of a text, and fifty of a linter.
const everything = `
version: "2"
run:
  relative-path-mode: gomod
issues:
  max-issues-per-linter: 0
  max-same-issues: 0
  uniq-by-line: false
linters:
  default: none
  enable: [conclint]
`

func TestGolangci(t *testing.T) {
	dir := fixtures(t)
	t.Run("defaults", func(t *testing.T) {
		write(t, dir, map[string]string{".golangci.yml": everything + `
  settings:
    custom:
      conclint:
        type: module
`})
		want := standalone(t, dir, append(elsewhere(analyzers.Golangci), beside, "./...")...)
		same(t, "conclint", want, "golangci-lint", issues(t, dir))
	})
	t.Run("all", func(t *testing.T) {
		write(t, dir, map[string]string{".golangci.yml": everything + `
  settings:
    custom:
      conclint:
        type: module
        settings:
          enable: [all]
          disable: [sigchanyzer]
`})
		want := standalone(t, dir, "-enable", "all", "-disable", "sigchanyzer", beside, "./...")
		same(t, "conclint", want, "golangci-lint", issues(t, dir))
	})
	t.Run("unknown analyzer", func(t *testing.T) {
		write(t, dir, map[string]string{".golangci.yml": everything + `
  settings:
    custom:
      conclint:
        type: module
        settings:
          enable: [lostcancle]
`})
		o := lint(t, dir)
		if o.code == 0 || !strings.Contains(o.stderr, "did you mean lostcancel?") {
			t.Errorf("want an error with the nearest name, got %v", o)
		}
	})
}

func lint(t *testing.T, dir string) outcome {
	t.Helper()
	exe, err := golangci()
	if err != nil {
		t.Fatal(err)
	}
	return run(t, dir, exe, "run", "--show-stats=false", "--output.json.path=stdout", "./...")
}

// issues runs golangci-lint and returns its issues in the form of ours.
func issues(t *testing.T, dir string) []string {
	t.Helper()
	o := lint(t, dir)
	if o.code != 1 {
		t.Fatalf("golangci-lint: want exit code 1, got %v", o)
	}
	var report struct {
		Issues []struct {
			FromLinter, Text string
			Pos              struct {
				Filename     string
				Line, Column int
			}
		}
	}
	if err := json.NewDecoder(strings.NewReader(o.stdout)).Decode(&report); err != nil {
		t.Fatalf("%v\n%v", err, o)
	}
	var list []string
	for _, i := range report.Issues {
		if i.FromLinter != "conclint" {
			t.Errorf("%s: %s: issue of another linter", i.FromLinter, i.Text)
			continue
		}
		// The text is "<analyzer>: <message>".
		analyzer, message, _ := strings.Cut(i.Text, ": ")
		list = append(list, finding{i.Pos.Filename, i.Pos.Line, i.Pos.Column, analyzer, message}.String())
	}
	return sorted(list)
}
