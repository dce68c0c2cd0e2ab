// Package limits holds what is known to be missed.
package limits

import (
	"os"
	"os/signal"
)

// Exported can be set by other packages.
type Exported struct{ Sigs chan os.Signal }

// NewExported makes it without room.
func NewExported() *Exported {
	e := &Exported{make(chan os.Signal)}
	signal.Notify(e.Sigs, os.Interrupt)
	return e
}

// waitAndReturn is taken to be followed by the end of the process.
func waitAndReturn() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	<-c
}
