package main_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata")

// binary is the program under test, built once; goroot is where the go command lives.
var binary, goroot string

func TestMain(m *testing.M) { os.Exit(testMain(m)) }

func testMain(m *testing.M) int {
	flag.Parse()
	dir, err := os.MkdirTemp("", "conclint")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "conclint")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", binary, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
		return 2
	}
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	goroot = strings.TrimSpace(string(out))
	return m.Run()
}

// TestTranscripts runs the commands at the top of testdata/*.txtar in a directory that holds the archive's files, and compares what they
// print with the file "want" at its end. In it, lines of standard error start with "! ", and the exit code stands below if it is
// not 0.
//
// Commands are conclint and go, with arguments free of spaces, and, to look at and change files, cat, rm and "cp OLD NEW". A line
// "cd DIR" changes the directory of those below; "NAME=VALUE" their environment. $CONCLINT is the program, $WORK the directory.
func TestTranscripts(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			ar, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			dir := workDir(t)
			want := slices.IndexFunc(ar.Files, func(f txtar.File) bool { return f.Name == "want" })
			for i, f := range ar.Files {
				if i != want {
					writeFile(t, filepath.Join(dir, f.Name), f.Data)
				}
			}
			got := transcript(t, dir, string(ar.Comment))
			if *update {
				if want < 0 {
					want = len(ar.Files)
					ar.Files = append(ar.Files, txtar.File{Name: "want"})
				}
				ar.Files[want].Data = got
				writeFile(t, path, txtar.Format(ar))
				return
			}
			if want < 0 || string(ar.Files[want].Data) != string(got) {
				t.Errorf("the transcript is now (go test -update writes it down):\n%s", got)
			}
		})
	}
}

func transcript(t *testing.T, dir, script string) []byte {
	var out bytes.Buffer
	current := dir
	env := environment()
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fmt.Fprintf(&out, "$ %s\n", line)
		args := strings.Fields(strings.NewReplacer("$CONCLINT", binary, "$WORK", dir).Replace(line))
		switch args[0] {
		case "cd":
			current = filepath.Join(dir, args[1])
		case "cat":
			for _, name := range args[1:] {
				data, err := os.ReadFile(filepath.Join(current, name))
				if err != nil {
					t.Fatal(err)
				}
				out.Write(data)
			}
		case "cp":
			data, err := os.ReadFile(filepath.Join(current, args[1]))
			if err != nil {
				t.Fatal(err)
			}
			writeFile(t, filepath.Join(current, args[2]), data)
		case "rm":
			for _, name := range args[1:] {
				if err := os.RemoveAll(filepath.Join(current, name)); err != nil {
					t.Fatal(err)
				}
			}
		case "conclint", "go":
			name := args[0]
			if name == "conclint" {
				name = binary
			}
			cmd := exec.Command(name, args[1:]...)
			cmd.Dir, cmd.Env = current, append(env, "PWD="+current)
			stdout, stderr, code := output(t, cmd)
			hide := strings.NewReplacer(dir, "$WORK", binary, "$CONCLINT", goroot, "$GOROOT")
			out.WriteString(hide.Replace(stdout))
			for line := range strings.Lines(hide.Replace(stderr)) {
				out.WriteString("! " + line)
			}
			if code != 0 {
				fmt.Fprintf(&out, "exit %d\n", code)
			}
		default:
			if !strings.Contains(args[0], "=") {
				t.Fatalf("unknown command %s", line)
			}
			env = append(env, args[0])
		}
	}
	return out.Bytes()
}

// environment is that of the test without what a developer may have set, and without the network.
func environment() []string {
	return append(os.Environ(), "GOFLAGS=", "GOWORK=", "GOPROXY=off", "GOTOOLCHAIN=local", "NO_COLOR=1", "COLUMNS=80")
}

// output runs a command and returns what it printed and its exit code.
func output(t *testing.T, cmd *exec.Cmd) (stdout, stderr string, code int) {
	t.Helper()
	var outBuf, errBuf bytes.Buffer
	cmd.Stdout, cmd.Stderr = &outBuf, &errBuf
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return outBuf.String(), errBuf.String(), code
}

// conclint runs the program under test in dir, with changes to the environment.
func conclint(t *testing.T, dir string, env []string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Dir, cmd.Env = dir, append(environment(), env...)
	return output(t, cmd)
}

// workDir returns a fresh directory by the name that the go command prints.
func workDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// writeFiles writes an archive to a fresh directory.
func writeFiles(t *testing.T, archive string) string {
	t.Helper()
	dir := workDir(t)
	for _, f := range txtar.Parse([]byte(archive)).Files {
		writeFile(t, filepath.Join(dir, f.Name), f.Data)
	}
	return dir
}
