package driver

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// oldest is the first version of Go whose vet repeats the findings of packages that have not changed. With an older one they would
// be shown once and then never again.
const oldest = "go1.26"

// A module is where the go command is run.
type module struct {
	dir     string
	gomod   string   // path of go.mod; "" if there is none
	work    string   // directory of go.work; "" if there is none
	base    string   // what paths in machine formats are relative to: the workspace, the module or dir
	environ []string // added to ours
}

// module asks the go command about the module of a directory, and whether the go command is there and fit at all.
func (r *runner) module(ctx context.Context, dir string) (module, error) {
	m := module{dir: dir, environ: []string{"PWD=" + dir}}
	if _, err := exec.LookPath("go"); err != nil {
		return m, fmt.Errorf("the go command is not in PATH; conclint needs Go %s or newer (https://go.dev/dl)", strings.TrimPrefix(oldest, "go"))
	}
	env, err := r.goEnv(ctx, m)
	if err != nil {
		return m, err
	}
	if v := goVersion(env.GOVERSION); v != "" && version.Compare(v, oldest) < 0 {
		return m, fmt.Errorf("go is version %s; conclint needs Go %s or newer, whose vet repeats the findings of unchanged packages", strings.TrimPrefix(v, "go"), strings.TrimPrefix(oldest, "go"))
	}
	r.version = env.GOVERSION
	if env.GOMOD != os.DevNull {
		m.gomod = env.GOMOD
	}
	m.base = dir
	switch {
	case env.GOWORK != "" && env.GOWORK != "off":
		m.work = filepath.Dir(env.GOWORK)
		m.base = m.work
	case m.gomod != "":
		m.base = filepath.Dir(m.gomod)
	}
	return m, nil
}

type goEnv struct{ GOVERSION, GOMOD, GOWORK string }

func (r *runner) goEnv(ctx context.Context, m module) (env goEnv, err error) {
	out, err := r.output(ctx, m, "env", "-json", "GOVERSION", "GOMOD", "GOWORK")
	if err != nil {
		return env, err
	}
	if err := json.Unmarshal(out, &env); err != nil {
		return env, fmt.Errorf("go env: %v", err)
	}
	return env, nil
}

// output runs a go command; its error is what the command says.
func (r *runner) output(ctx context.Context, m module, args ...string) ([]byte, error) {
	cmd := r.command(ctx, m, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if err == nil {
		return stdout.Bytes(), nil
	}
	if ctx.Err() != nil {
		return nil, errors.New("interrupted")
	}
	said := strings.TrimPrefix(strings.TrimSpace(stderr.String()), "go: ")
	return nil, fmt.Errorf("go %s: %s", args[0], cmp.Or(said, err.Error()))
}

// goVersion finds the version in what go env says, which is more for a development version.
func goVersion(s string) string {
	v := regexp.MustCompile(`go1\.\d+(\.\d+|rc\d+|beta\d+)?`).FindString(s)
	return version.Lang(v)
}
