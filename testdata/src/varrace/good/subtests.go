package good

import "testing"

// Each subtest has its err.
func subtestsShareErr(t *testing.T) {
	for _, n := range []int{1, 2, 3} {
		t.Run("fetch", func(t *testing.T) {
			t.Parallel()
			_, err := fetch(n)
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// Those that run in parallel have a variable of their own; the one of the others is theirs
// one after the other.
func subtestsInParallelIfAsked(t *testing.T, parallel bool) {
	calls := 0
	for _, n := range []int{1, 2, 3} {
		t.Run("fetch", func(t *testing.T) {
			if !parallel {
				calls++
			} else {
				t.Parallel()
			}
			got, _ := fetch(n)
			if got != n {
				t.Error(got)
			}
		})
	}
	if !parallel && calls != 3 {
		t.Error(calls)
	}
}
