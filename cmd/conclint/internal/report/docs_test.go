package report_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/conclint/conclint/cmd/conclint/internal/report"
)

// TestJSONPage holds docs/json.md to what the writer does: its example reads and prints back to the same bytes, and every
// field that occurs is described.
func TestJSONPage(t *testing.T) {
	data, err := os.ReadFile("../../../../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	page := strings.ReplaceAll(string(data), "\r\n", "\n")

	_, rest, _ := strings.Cut(page, "```json\n")
	example, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("the page has no example")
	}
	findings, err := report.ReadJSON(strings.NewReader(example))
	if err != nil {
		t.Fatal(err)
	}
	opts := options()
	opts.ReadFile = func(string) ([]byte, error) { return os.ReadFile("testdata/src/bank/transfer.go") }
	if got := render(t, "json", opts, findings); got != example {
		t.Errorf("the example prints back as\n%s", got)
	}

	var doc any
	if err := json.Unmarshal([]byte(render(t, "json", options(), samples())), &doc); err != nil {
		t.Fatal(err)
	}
	_, fields, _ := strings.Cut(page, "## Fields")
	var check func(any)
	check = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, elem := range v {
				check(elem)
			}
		case map[string]any:
			for key, elem := range v {
				if !strings.Contains(fields, "`"+key+"`") {
					t.Errorf("field %s is not described", key)
				}
				check(elem)
			}
		}
	}
	check(doc)
}
