// Package nearest offers a name for one that was mistyped.
package nearest

import "slices"

// Name returns the name among candidates that has the smallest edit distance
// (Damerau's, with adjacent transpositions) to name, or "" when none is closer
// than a third of its length plus one. Of equals the first in sorted order
// wins.
func Name(name string, candidates []string) string {
	best, bound := "", len(name)/3+2
	for _, c := range slices.Sorted(slices.Values(candidates)) {
		if d := distance(name, c); d < bound {
			best, bound = c, d
		}
	}
	return best
}

// distance is the optimal string alignment distance of two ASCII words.
func distance(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
