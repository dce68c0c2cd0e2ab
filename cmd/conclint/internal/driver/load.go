package driver

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"
)

// A listed package is what go list tells of one.
type listed struct {
	ImportPath string
	Dir        string
	ForTest    string
	Standard   bool
	DepOnly    bool
	Name       string
	Error      *listError
	DepsErrors []*listError
	Deps       []string

	GoFiles, CgoFiles, TestGoFiles, XTestGoFiles, IgnoredGoFiles, InvalidGoFiles []string
}

type listError struct {
	ImportStack []string
	Pos         string
	Err         string
}

// record makes a problem of a load error.
func (r *runner) record(m module, e *listError) {
	switch {
	case len(e.ImportStack) > 1 && strings.Contains(e.Err, "import cycle"):
		r.problem("conclint: " + e.Err + ": " + strings.Join(e.ImportStack, " -> "))
	case position.MatchString(e.Err): // errors of the parser bring their positions along
		r.message(m, block{lines: strings.Split(e.Err, "\n")})
	case e.Pos != "":
		r.message(m, block{lines: strings.Split(e.Pos+": "+e.Err, "\n")})
	default:
		r.problem("conclint: " + e.Err)
	}
}

// path returns the import path without the test that a package was made for.
func (p *listed) path() string {
	path, _, _ := strings.Cut(p.ImportPath, " ")
	if p.ForTest != "" {
		return p.ForTest
	}
	return strings.TrimSuffix(path, ".test")
}

// list runs go list, which also lists what is broken.
func (r *runner) list(ctx context.Context, m module, patterns []string, flags ...string) ([]*listed, error) {
	args := append([]string{"list", "-e"}, flags...)
	args = append(args, r.opts.build...)
	args = append(append(args, "--"), patterns...)
	out, err := r.output(ctx, m, args...)
	if err != nil {
		return nil, err
	}
	var pkgs []*listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		if err := dec.Decode(p); err == io.EOF {
			return pkgs, nil
		} else if err != nil {
			return nil, err
		}
		pkgs = append(pkgs, p)
	}
}

// withoutBroken is called when go vet has analysed nothing. If that is because some packages cannot be loaded, their errors are
// recorded and the others are run alone. Otherwise the first result stands.
func (r *runner) withoutBroken(ctx context.Context, m module, patterns []string, first vetResult, again func(good []string) (vetResult, error)) (vetResult, error) {
	if m.gomod == "" && noModule(first.stderr) {
		return first, nil
	}
	pkgs, err := r.list(ctx, m, patterns, "-json=ImportPath,Error,DepsErrors,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles")
	if err != nil {
		return first, nil // go vet said it better
	}
	var good []string
	var broken []*listed
	for _, p := range pkgs {
		switch {
		case p.ImportPath == "command-line-arguments":
			return first, nil // there are no others
		case p.Error != nil || len(p.DepsErrors) > 0:
			broken = append(broken, p)
		case len(p.GoFiles)+len(p.CgoFiles)+len(p.TestGoFiles)+len(p.XTestGoFiles) > 0:
			good = append(good, p.ImportPath)
		}
	}
	if len(broken) == 0 {
		return first, nil
	}
	for _, p := range broken {
		if p.Error != nil {
			r.record(m, p.Error)
		}
		for _, e := range p.DepsErrors {
			r.record(m, e)
		}
	}
	if len(good) == 0 {
		return vetResult{}, nil
	}
	for _, p := range broken {
		r.skip([]string{p.ImportPath})
	}
	return again(good)
}

// dependents returns the packages that could not be analysed because they need one of the broken ones.
func (r *runner) dependents(ctx context.Context, m module, patterns []string, broken map[string]bool) []string {
	pkgs, err := r.list(ctx, m, patterns, "-test", "-json=ImportPath,ForTest,Deps")
	if err != nil {
		return nil
	}
	var skipped []string
	for _, p := range pkgs {
		needs := slices.ContainsFunc(p.Deps, func(dep string) bool { return broken[dep] })
		if path := p.path(); needs && !broken[path] && !strings.HasSuffix(p.ImportPath, ".test") {
			skipped = append(skipped, path)
		}
	}
	slices.Sort(skipped)
	return slices.Compact(skipped)
}

// skip notes that packages were not analysed.
func (r *runner) skip(paths []string) {
	if r.skipped == nil {
		r.skipped = make(map[string]bool)
	}
	for _, path := range paths {
		r.skipped[path] = true
	}
}
