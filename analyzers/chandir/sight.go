package chandir

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// visible reports whether other packages may use fn, so that the analysis
// does not see all of its calls. A method of an unexported type is visible
// too: values of the type may be returned, or embedded in an exported one.
func (g *graph) visible(fn *types.Func) bool {
	name := g.pass.Pkg.Name()
	return fn.Exported() && name != "main" && !strings.HasSuffix(name, "_test") &&
		!strings.HasSuffix(g.pass.Fset.Position(fn.Pos()).Filename, "_test.go")
}

// ofExported reports whether fn is a method of an exported type.
func ofExported(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	if recv == nil {
		return false
	}
	t := recv.Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return !ok || named.Obj().Exported()
}

// satisfies reports whether a method has the name and the number of
// parameters of a method of some interface in sight: one that this package
// mentions or, for exported methods, one of any package that it imports.
func (g *graph) satisfies(fn *types.Func) bool {
	sig := fn.Signature()
	if sig.Recv() == nil {
		return false
	}
	like := func(m *types.Func) bool {
		return m.Signature().Params().Len() == sig.Params().Len() && m.Signature().Results().Len() == sig.Results().Len() &&
			(fn.Exported() || m.Pkg() == fn.Pkg())
	}
	if g.mentioned == nil {
		g.mentioned = make(methods)
		for _, tv := range g.pass.TypesInfo.Types {
			g.mentioned.add(tv.Type)
		}
	}
	if slices.ContainsFunc(g.mentioned[fn.Name()], like) {
		return true
	}
	if !fn.Exported() {
		return false
	}
	if g.imported == nil {
		g.imported = make(methods)
		g.imported.addImports(g.pass.Pkg, make(map[*types.Package]bool))
	}
	return slices.ContainsFunc(g.imported[fn.Name()], like)
}

// methods holds methods of interfaces, by name.
type methods map[string][]*types.Func

func (ms methods) add(t types.Type) {
	if t == nil {
		return
	}
	if i, ok := t.Underlying().(*types.Interface); ok {
		for m := range i.Methods() {
			if !slices.Contains(ms[m.Name()], m) {
				ms[m.Name()] = append(ms[m.Name()], m)
			}
		}
	}
}

func (ms methods) addImports(p *types.Package, done map[*types.Package]bool) {
	for _, q := range p.Imports() {
		if done[q] {
			continue
		}
		done[q] = true
		for _, name := range q.Scope().Names() {
			if tn, ok := q.Scope().Lookup(name).(*types.TypeName); ok {
				ms.add(tn.Type())
			}
		}
		ms.addImports(q, done)
	}
}

// linknames returns the functions that assembly or other packages reach by
// name.
func linknames(pass *analysis.Pass) map[string]bool {
	names := make(map[string]bool)
	for _, f := range pass.Files {
		for _, group := range f.Comments {
			for _, c := range group.List {
				if rest, ok := strings.CutPrefix(c.Text, "//go:linkname "); ok {
					if fields := strings.Fields(rest); len(fields) > 0 {
						names[fields[0]] = true
					}
				}
			}
		}
	}
	return names
}

// exportedToC reports whether C or a Wasm host calls the function.
func exportedToC(fn *ast.FuncDecl) bool {
	if fn.Doc == nil {
		return false
	}
	return slices.ContainsFunc(fn.Doc.List, func(c *ast.Comment) bool {
		return strings.HasPrefix(c.Text, "//export ") || strings.HasPrefix(c.Text, "//go:wasmexport ")
	})
}

// pinHidden pins what is mentioned in files of the package that this build
// leaves out: those for other platforms or tags and, where the tests are not
// part of it, its tests. It reports whether there was any.
func (g *graph) pinHidden() bool {
	names := make(map[string]bool)
	for _, file := range hiddenFiles(g.pass) {
		mentioned(g.pass, file, names)
	}
	if len(names) == 0 {
		return false
	}
	changed := false
	for _, d := range g.decls {
		if d.narrowed() == 0 {
			continue
		}
		for _, n := range d.nodes {
			if hiddenName(g.pass, n, names) {
				n.pinned, changed = true, true
			}
		}
	}
	return changed
}

func hiddenName(pass *analysis.Pass, n *node, names map[string]bool) bool {
	switch n.decl.kind {
	case variable:
		return n.v.Parent() == pass.Pkg.Scope() && names[n.v.Name()]
	case field:
		return names[n.v.Name()]
	}
	return names[n.decl.owner.Name()]
}

func hiddenFiles(pass *analysis.Pass) []string {
	var list []string
	for _, f := range pass.IgnoredFiles {
		if strings.HasSuffix(f, ".go") {
			list = append(list, f)
		}
	}
	if len(pass.Files) == 0 {
		return list
	}
	for _, f := range pass.Files {
		if strings.HasSuffix(pass.Fset.Position(f.Package).Filename, "_test.go") {
			return list
		}
	}
	dir := filepath.Dir(pass.Fset.Position(pass.Files[0].Package).Filename)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return list
	}
	for _, e := range entries {
		if file := filepath.Join(dir, e.Name()); strings.HasSuffix(file, "_test.go") && !slices.Contains(list, file) {
			list = append(list, file)
		}
	}
	return list
}

// mentioned adds the identifiers of a file of the same package to names.
func mentioned(pass *analysis.Pass, file string, names map[string]bool) {
	src, err := pass.ReadFile(file)
	if err != nil {
		// The driver keeps to the files it was told of.
		if src, err = os.ReadFile(file); err != nil {
			return
		}
	}
	f, _ := parser.ParseFile(token.NewFileSet(), file, src, parser.SkipObjectResolution)
	if f == nil || f.Name.Name != pass.Pkg.Name() {
		return
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			names[id.Name] = true
		}
		return true
	})
}
