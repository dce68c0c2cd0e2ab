package nearest

import "testing"

func TestName(t *testing.T) {
	names := []string{"chandir", "copylock", "deadlock", "lockorder", "selectexit"}
	for in, want := range map[string]string{
		"copylocks":  "copylock",
		"chnadir":    "chandir",
		"selectExit": "selectexit",
		"lockorder":  "lockorder",
		"nothing":    "",
		"":           "",
	} {
		if got := Name(in, names); got != want {
			t.Errorf("Name(%q) = %q, want %q", in, got, want)
		}
	}
}
