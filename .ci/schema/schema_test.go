// Package schema checks conclint's output against what the makers of a format publish: SARIF against the official schema, as the
// Go module go-sarif carries it, and rdjson against reviewdog's own messages. It is a module of its own because only this test
// needs those.
//
//	go test ./...                               checks the goldens of package report
//	SARIF_FILES=a.sarif:b.sarif go test ./...   checks these files as well
//	RDJSON_FILES=a.json go test ./...           likewise
package schema_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	// Imported so that its version is pinned; sarifSchema reads its source, since the schema in it is not exported and
	// its own check sees only the fields that it knows.
	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/reviewdog/reviewdog/proto/rdf"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"google.golang.org/protobuf/encoding/protojson"
)

const (
	sarifPackage = "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	goldens      = "../../cmd/conclint/internal/report/testdata"
)

// files returns the golden of a format and the files that an environment variable lists.
func files(format, variable string) []string {
	return append([]string{filepath.Join(goldens, format+".golden")}, filepath.SplitList(os.Getenv(variable))...)
}

func TestSARIF(t *testing.T) {
	schema := sarifSchema(t)
	for _, file := range files("sarif", "SARIF_FILES") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := validate(schema, data); err != nil {
				t.Errorf("%s is not valid SARIF: %v", file, err)
			}
		})
	}
}

// TestSARIFSchemaBites checks that the schema is really applied: the golden with one thing spoilt must fail.
func TestSARIFSchemaBites(t *testing.T) {
	schema := sarifSchema(t)
	data, err := os.ReadFile(files("sarif", "")[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, old, new string }{
		{"unknown field", `"ruleIndex":`, `"ruleIndexes":`},
		{"unknown level", `"level": "error"`, `"level": "fatal"`},
		{"line 0", `"startLine": 18`, `"startLine": 0`},
		{"bad URI", `"informationUri": "https://`, `"informationUri": "no uri `},
		{"missing field", `"artifactChanges":`, `"properties":`},
	} {
		spoilt := bytes.Replace(data, []byte(c.old), []byte(c.new), 1)
		if bytes.Equal(spoilt, data) {
			t.Errorf("%s: the golden has no %s", c.name, c.old)
		} else if validate(schema, spoilt) == nil {
			t.Errorf("%s passes", c.name)
		}
	}
}

func validate(schema *jsonschema.Schema, data []byte) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return schema.Validate(doc)
}

// sarifSchema compiles the schema that stands as a constant in the source of go-sarif.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := constant(sarifPackage, "schema.go", "schema")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	const url = "sarif-schema-2.1.0.json"
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(url, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(url)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// constant returns the value of a string constant in the source of a package that this module depends on.
func constant(pkg, file, name string) (string, error) {
	cmd := exec.Command("go", "list", "-f", "{{.Dir}}", pkg)
	cmd.Stderr = os.Stderr
	dir, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go list %s: %w", pkg, err)
	}
	tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), file), nil, 0)
	if err != nil {
		return "", err
	}
	for _, decl := range tree.Decls {
		decl, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range decl.Specs {
			spec, ok := spec.(*ast.ValueSpec)
			if !ok || spec.Names[0].Name != name {
				continue
			}
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok {
				return strconv.Unquote(lit.Value)
			}
		}
	}
	return "", fmt.Errorf("%s has no string constant %s in %s", pkg, name, file)
}

// TestRDJSON reads files as reviewdog does, which refuses unknown fields.
func TestRDJSON(t *testing.T) {
	for _, file := range files("rdjson", "RDJSON_FILES") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var result rdf.DiagnosticResult
			if err := protojson.Unmarshal(data, &result); err != nil {
				t.Fatalf("%s is not valid rdjson: %v", file, err)
			}
			if result.GetSource().GetName() != "conclint" {
				t.Errorf("%s: source is %v", file, result.GetSource())
			}
		})
	}
}
