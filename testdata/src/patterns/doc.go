// Package patterns holds the patterns of docs/patterns.md. Each file is shown
// there as it is; no analyzer has anything to say about it.
package patterns
