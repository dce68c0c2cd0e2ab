package analyzers_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// raced are the analyzers whose fixtures have scenarios to run: a map Runs in
// bad and in good. Those of bad have to race, those of good must not.
var raced = []string{"varrace", "maprace", "fieldrace", "atomicmix", "checkact"}

// TestRacesHappen holds the fixtures against the race detector.
func TestRacesHappen(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program with the race detector")
	}
	bin := buildRaces(t)
	list := exec.Command(bin)
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Fields(string(out))
	if len(names) < 2*len(raced) {
		t.Fatalf("only %d scenarios: %v", len(names), names)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if strings.Contains(name, "/good/") {
				if out, race := runScenario(t, bin, name); race {
					t.Errorf("races:\n%s", out)
				}
				return
			}
			// A schedule can hide a race: the detector sees what happens.
			for range 20 {
				if _, race := runScenario(t, bin, name); race {
					return
				}
			}
			t.Error("no race in 20 runs")
		})
	}
}

// runScenario reports whether the race detector, or the runtime for a map, ends
// the program.
func runScenario(t *testing.T, bin, name string) (out []byte, race bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, name)
	cmd.Env = append(os.Environ(), "GORACE=halt_on_error=1 exitcode=66")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return out, false
	case errors.As(err, &exit) && (exit.ExitCode() == 66 || bytes.Contains(out, []byte("fatal error: concurrent map"))):
		return out, true
	}
	t.Fatalf("%v\n%s", err, out)
	return nil, false
}

// buildRaces makes a program of the fixtures that runs the scenario named by its
// argument, or lists all.
func buildRaces(t *testing.T) string {
	t.Helper()
	src, err := filepath.Abs(filepath.Join("..", "testdata", "src"))
	if err != nil {
		t.Fatal(err)
	}
	var imports, table strings.Builder
	for _, a := range raced {
		for _, kind := range []string{"bad", "good"} {
			fmt.Fprintf(&imports, "\t%s%s \"fixtures/%s/%s\"\n", a, kind, a, kind)
			fmt.Fprintf(&table, "\t%q: %s%s.Runs,\n", a+"/"+kind+"/", a, kind)
		}
	}
	main := fmt.Sprintf(`package main

import (
	"fmt"
	"os"
	"slices"

%s)

var all = map[string]map[string]func(){
%s}

func main() {
	var names []string
	for prefix, runs := range all {
		for name, run := range runs {
			names = append(names, prefix+name)
			if len(os.Args) > 1 && os.Args[1] == prefix+name {
				run()
				return
			}
		}
	}
	if len(os.Args) > 1 {
		panic("no scenario " + os.Args[1])
	}
	slices.Sort(names)
	for _, n := range names {
		fmt.Println(n)
	}
}
`, &imports, &table)
	// The program belongs to the module of the fixtures without lying there.
	dir := t.TempDir()
	file := filepath.Join(dir, "main.go")
	overlay := filepath.Join(dir, "overlay.json")
	virtual := filepath.Join(src, "racesmain", "main.go")
	if err := os.WriteFile(file, []byte(main), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(overlay, fmt.Appendf(nil, `{"Replace": {%q: %q}}`, virtual, file), 0o666); err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, "races.exe")
	cmd := exec.Command("go", "build", "-race", "-overlay", overlay, "-o", bin, "./racesmain")
	cmd.Dir = src
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1", "GOFLAGS=", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		if bytes.Contains(out, []byte("-race")) || bytes.Contains(out, []byte("C compiler")) || bytes.Contains(out, []byte("gcc")) {
			t.Skipf("the race detector is not available here: %s", bytes.TrimSpace(out))
		}
		t.Fatalf("%v\n%s", err, out)
	}
	return bin
}
