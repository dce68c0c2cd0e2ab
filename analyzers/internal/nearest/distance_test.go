package nearest_test

import (
	"testing"

	"github.com/conclint/conclint/analyzers/internal/nearest"
)

func TestName(t *testing.T) {
	names := []string{"chandir", "copylock", "lostcancel", "selectexit", "text", "json"}
	for word, want := range map[string]string{
		"copylocks":  "copylock",
		"CopyLock":   "copylock",
		"chnadir":    "chandir",
		"lostcancle": "lostcancel",
		"selectexi":  "selectexit",
		"jsno":       "json",
		"txt":        "text",
		"deadlock":   "",
		"":           "",
		"xml":        "",
	} {
		if got := nearest.Name(word, names); got != want {
			t.Errorf("Name(%q) = %q, want %q", word, got, want)
		}
	}
	if got := nearest.Name("text", nil); got != "" {
		t.Errorf("Name among no names = %q, want none", got)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "", 3},
		{"kitten", "sitting", 3},
		{"ab", "ba", 1},
		{"json", "jsno", 1},
		{"é", "e", 1},
	} {
		if got := nearest.Distance(c.a, c.b); got != c.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
		if got := nearest.Distance(c.b, c.a); got != c.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", c.b, c.a, got, c.want)
		}
	}
}
