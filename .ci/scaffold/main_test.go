package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestScaffold makes an analyzer in a copy of the project and runs its test.
func TestScaffold(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "conclint")
	for _, name := range []string{"go.mod", "go.sum", "analyzers/internal", "testdata/src/go.mod", "testdata/src/go.sum", "testdata/src/doc.go"} {
		from, to := filepath.Join("..", "..", name), filepath.Join(dir, name)
		info, err := os.Stat(from)
		if err != nil {
			t.Fatal(err)
		}
		if info.IsDir() {
			err = os.CopyFS(to, os.DirFS(from))
		} else if err = os.MkdirAll(filepath.Dir(to), 0o777); err == nil {
			var text []byte
			if text, err = os.ReadFile(from); err == nil {
				err = os.WriteFile(to, text, 0o666)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	const name = "examplecheck"
	if err := scaffold(dir, name, "channels"); err != nil {
		t.Fatal(err)
	}
	if err := scaffold(dir, name, "channels"); err == nil || !strings.Contains(err.Error(), "exists") {
		t.Errorf("a second time: %v, want an error that a file exists", err)
	}
	gotool := func(args ...string) {
		t.Helper()
		cmd := exec.Command("go", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", cmd, err, out)
		}
	}
	gotool("vet", "./analyzers/"+name)
	gotool("test", "./analyzers/"+name, "-update")
	gotool("test", "./analyzers/"+name)

	unformatted, err := exec.Command("gofmt", "-l", dir).CombinedOutput()
	if err != nil || strings.Contains(string(unformatted), name) {
		t.Errorf("gofmt: %v %s", err, unformatted)
	}
}

func TestNames(t *testing.T) {
	for _, test := range []struct{ name, family string }{
		{"double-close", "channels"}, {"DoubleClose", "channels"}, {"select", "channels"}, {"", "channels"}, {"../x", "channels"}, {"x", "meta"},
	} {
		if err := scaffold(t.TempDir(), test.name, test.family); err == nil || strings.Contains(err.Error(), "repository") {
			t.Errorf("scaffold %q %q: %v", test.name, test.family, err)
		}
	}
}
