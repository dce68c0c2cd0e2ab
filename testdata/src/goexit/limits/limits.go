// Package limits holds what is missed.
package limits

// What is not known is taken to end and to signal it.
func run(f func()) {
	go f()
}
