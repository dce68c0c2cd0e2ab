// Package nearest finds the name that a mistyped word was meant to be.
package nearest

import "strings"

// Name returns the one of names that is closest to word, or "" if none is close enough to be meant. Case does not count; of
// names equally close, the first wins.
func Name(word string, names []string) string {
	word = strings.ToLower(word)
	best, least := "", limit(word)+1
	for _, name := range names {
		if d := Distance(word, strings.ToLower(name)); d < least {
			best, least = name, d
		}
	}
	return best
}

// limit is how many slips of the finger a word of this length is granted.
func limit(word string) int {
	return max(1, len([]rune(word))/3)
}

// Distance counts the single-character insertions, deletions, replacements and swaps of neighbours that turn a into b
// (the optimal string alignment distance).
func Distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	// Three rows of the usual table: before is two rows up, above one row up.
	before, above, row := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(s); i++ {
		before, above, row = above, row, before
		row[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(t)]
}
