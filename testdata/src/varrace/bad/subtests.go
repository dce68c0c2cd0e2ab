package bad

import "testing"

// The parallel subtests share the variable of the test.
func subtestsShareErr(t *testing.T) {
	var err error
	for _, n := range []int{1, 2, 3} {
		t.Run("fetch", func(t *testing.T) {
			t.Parallel()
			_, err = fetch(n) // want `write of err races with itself: the subtests of line 9 run in parallel; declare err in the subtest`
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
