//go:build race

package machine_test

// raced says that the race detector watches: what only takes time is left to a
// run without it.
const raced = true
