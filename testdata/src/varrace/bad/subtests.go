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

// Only some run the subtests in parallel.
func subtestsInParallelIfAsked(t *testing.T, parallel bool) {
	var got int
	for _, n := range []int{1, 2, 3} {
		t.Run("fetch", func(t *testing.T) {
			if parallel {
				t.Parallel()
			}
			got, _ = fetch(n) // want `write of got races with itself`
			if got != n {
				t.Error(got)
			}
		})
	}
}
