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
