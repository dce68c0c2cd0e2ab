package driver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// files analyses the packages that hold the files: those that a commit changes, in one or several modules. A file that is part of no
// package (test data, excluded by build constraints) counts for nothing; one that was deleted counts for the package it was in.
func (r *runner) files(ctx context.Context, files []string) error {
	if len(files) == 0 {
		return fmt.Errorf("conclint files needs names of files; conclint ./... analyses all packages")
	}
	dirs := make(map[string][]string) // of changed Go files, by module
	changed := make(map[string]bool)
	for _, file := range files {
		if !filepath.IsAbs(file) {
			file = filepath.Join(r.env.Dir, file)
		}
		if filepath.Ext(file) != ".go" {
			continue
		}
		dir := filepath.Dir(file)
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			continue // deleted with all that was in it
		}
		root := moduleRoot(dir)
		if root == "" {
			return fmt.Errorf("%s is in no module: there is no go.mod above it", file)
		}
		if outside(root, dir) {
			continue
		}
		changed[file] = true
		if !slices.Contains(dirs[root], dir) {
			dirs[root] = append(dirs[root], dir)
		}
	}
	roots := make([]string, 0, len(dirs))
	for root := range dirs {
		roots = append(roots, root)
	}
	slices.Sort(roots)
	for _, root := range roots {
		if err := r.filesOf(ctx, root, dirs[root], changed); err != nil {
			return fmt.Errorf("module %s: %v", shorten(root, r.env.Dir), err)
		}
	}
	return nil
}

// filesOf analyses the packages of one module that are in dirs and hold a changed file.
func (r *runner) filesOf(ctx context.Context, root string, dirs []string, changed map[string]bool) error {
	m, err := r.module(ctx, root)
	if err != nil {
		return err
	}
	if err := r.leaveWorkspace(ctx, &m); err != nil {
		return err
	}
	slices.Sort(dirs)
	patterns := make([]string, len(dirs))
	for i, dir := range dirs {
		rel, err := filepath.Rel(root, dir)
		if err != nil {
			return err
		}
		patterns[i] = "./" + filepath.ToSlash(rel)
	}
	pkgs, err := r.list(ctx, m, patterns, "-json=ImportPath,Dir,Error,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles,IgnoredGoFiles,InvalidGoFiles")
	if err != nil {
		return err
	}
	var wanted []string
	for _, p := range pkgs {
		active := slices.Concat(p.GoFiles, p.CgoFiles, p.TestGoFiles, p.XTestGoFiles, p.InvalidGoFiles)
		if len(active) == 0 {
			continue
		}
		// A package is left out if all that changed in it are files it does not consist of in this configuration.
		if slices.ContainsFunc(changedIn(p.Dir, changed), func(name string) bool { return !slices.Contains(p.IgnoredGoFiles, name) }) {
			rel, err := filepath.Rel(root, p.Dir)
			if err != nil {
				return err
			}
			wanted = append(wanted, "./"+filepath.ToSlash(rel))
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	return r.analyze(ctx, m, wanted)
}

// changedIn returns the names of the changed files in a directory.
func changedIn(dir string, changed map[string]bool) []string {
	var names []string
	for file := range changed {
		if filepath.Dir(file) == dir {
			names = append(names, filepath.Base(file))
		}
	}
	return names
}

// moduleRoot returns the nearest directory from dir up that has a go.mod, or "".
func moduleRoot(dir string) string {
	for {
		if info, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil && !info.IsDir() {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// outside reports whether ./... of the module does not reach dir.
func outside(root, dir string) bool {
	rel, err := filepath.Rel(root, dir)
	if err != nil {
		return true
	}
	for _, name := range strings.Split(filepath.ToSlash(rel), "/") {
		if name == "testdata" || name == "vendor" || strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") && name != "." {
			return true
		}
	}
	return false
}

// leaveWorkspace turns the workspace off if the module is under a go.work that does not use it: the go command refuses to work there.
func (r *runner) leaveWorkspace(ctx context.Context, m *module) error {
	env, err := r.goEnv(ctx, *m)
	if err != nil || env.GOWORK == "" || env.GOWORK == "off" {
		return err
	}
	out, err := r.output(ctx, *m, "work", "edit", "-json")
	if err != nil {
		return err
	}
	var work struct{ Use []struct{ DiskPath string } }
	if err := json.Unmarshal(out, &work); err != nil {
		return err
	}
	for _, use := range work.Use {
		path := filepath.FromSlash(use.DiskPath)
		if !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(env.GOWORK), path)
		}
		if filepath.Clean(path) == m.dir {
			return nil
		}
	}
	m.environ = append(m.environ, "GOWORK=off")
	return nil
}
