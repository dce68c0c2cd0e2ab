package doors

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestPreCommit(t *testing.T) {
	exe, err := exec.LookPath("pre-commit")
	if err != nil {
		t.Fatal("pre-commit is not installed (Debian: apt-get install pre-commit)")
	}
	hooks := snapshot(t)
	config := "repos:\n- repo: " + hooks + "\n  rev: " + strings.TrimSpace(must(t, hooks, "git", "rev-parse", "HEAD").stdout) + "\n  hooks:\n"
	modcache := strings.TrimSpace(must(t, root(), "go", "env", "GOMODCACHE").stdout)
	proxy := strings.TrimSpace(must(t, root(), "go", "env", "GOPROXY").stdout)
	env := []string{
		"PRE_COMMIT_HOME=" + t.TempDir(),
		"PRE_COMMIT_COLOR=never",
		// pre-commit installs into a GOPATH of its own; what this machine
		// has already downloaded need not be fetched again.
		"GOPROXY=file://" + filepath.ToSlash(modcache) + "/cache/download," + proxy,
	}
	hook := func(repo string, args ...string) outcome {
		t.Helper()
		return runEnv(t, repo, env, append([]string{exe, "run"}, args...)...)
	}

	t.Run("changed files of two modules", func(t *testing.T) {
		repo := repository(t, map[string]string{
			".pre-commit-config.yaml": config + "  - id: conclint\n",
			"a/go.mod":                "module a\n\ngo 1.26\n",
			"a/p.go":                  mistake,
			"a/sub/p.go":              mistake,
			"b/go.mod":                "module b\n\ngo 1.26\n",
			"b/p.go":                  mistake,
			"c/go.mod":                "module c\n\ngo 1.26\n",
			"c/p.go":                  "package p\n",
		})
		contains(t, hook(repo, "--all-files"), 1, "a/"+mention, "a/sub/"+mention, "b/"+mention)
		o := hook(repo, "--files", "a/sub/p.go", "b/p.go")
		contains(t, o, 1, "a/sub/"+mention, "b/"+mention)
		if strings.Contains(o.stdout, "a/"+mention) {
			t.Errorf("a finding in a package without changes: %v", o)
		}
		contains(t, hook(repo, "--files", "c/p.go"), 0, "Passed")
		contains(t, hook(repo, "--files", "c/go.mod"), 0, "Skipped")
	})
	t.Run("all packages", func(t *testing.T) {
		repo := repository(t, map[string]string{
			".pre-commit-config.yaml": config + "  - id: conclint-full\n",
			"go.mod":                  "module p\n\ngo 1.26\n",
			"p.go":                    "package p\n",
			"sub/p.go":                mistake,
		})
		contains(t, hook(repo, "--files", "p.go"), 1, "sub/"+mention)
		write(t, repo, map[string]string{"sub/p.go": repaired})
		// The name is right now, but nothing is left to ignore.
		contains(t, hook(repo, "--files", "p.go"), 1, "sub/p.go:3:11: this directive matches no finding of lostcancel")
		write(t, repo, map[string]string{"sub/p.go": "package p\n"})
		contains(t, hook(repo, "--files", "p.go"), 0, "Passed")
	})
	t.Run("arguments", func(t *testing.T) {
		repo := repository(t, map[string]string{
			".pre-commit-config.yaml": config + "  - id: conclint\n    args: [-disable, ignore]\n  - id: conclint-full\n    args: [-disable, ignore]\n",
			"go.mod":                  "module p\n\ngo 1.26\n",
			"p.go":                    mistake,
		})
		contains(t, hook(repo, "--all-files"), 0, "Passed")
	})
}

// contains fails unless the command ended with the code and printed the texts.
func contains(t *testing.T, o outcome, code int, texts ...string) {
	t.Helper()
	if o.code != code {
		t.Errorf("want exit code %d, got %v", code, o)
		return
	}
	for _, text := range texts {
		if !strings.Contains(o.stdout, text) {
			t.Errorf("want %q, got %v", text, o)
		}
	}
}

// repository makes a git repository that holds the files.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, files)
	commit(t, dir)
	return dir
}

func commit(t *testing.T, dir string) {
	t.Helper()
	must(t, dir, "git", "init", "-q")
	must(t, dir, "git", "add", "-A")
	must(t, dir, "git", "-c", "user.name=ci", "-c", "user.email=ci@localhost", "commit", "-q", "--no-verify", "-m", "test")
}

// snapshot makes a repository of this project's files as they are now, whether
// or not they are committed.
func snapshot(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	list := must(t, root(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout
	for name := range strings.SplitSeq(strings.TrimSuffix(list, "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join(root(), filepath.FromSlash(name)))
		if os.IsNotExist(err) {
			continue // deleted, not yet committed
		} else if err != nil {
			t.Fatal(err)
		}
		write(t, dir, map[string]string{name: string(text)})
	}
	commit(t, dir)
	return dir
}
