// Package signalmisuse finds misuse of os/signal.
//
// # Analyzer signalmisuse
//
// signalmisuse: find signal channels that miss signals, go on catching them, or that nobody reads
//
// [signal.Notify] sends on the channel without waiting: when there is no room
// and nobody is receiving just then, the signal is lost. And from then on the
// signal does not end the process any more, until [signal.Stop] is called:
//
//	c := make(chan os.Signal, 1)
//	signal.Notify(c, os.Interrupt)
//	if err := work(c); err != nil {
//		return err // from now on Ctrl-C does nothing
//	}
//	signal.Stop(c)
//
// Give the signals back in any case:
//
//	signal.Notify(c, os.Interrupt)
//	defer signal.Stop(c)
//
// # unbuffered
//
// The channel is made without room, and is in a field, a parameter, a variable
// of another file, or made after its declaration. The pass sigchanyzer reports
// the variable that is declared with its make.
//
// # not-stopped
//
// A function that is not in package main calls Notify with a channel that it
// alone has, stops it on one path, and returns without Stop on another, on
// which no signal came. Or it never calls Stop, waits for a signal or a timer, not in
// a loop, and returns a result when the timer came first and nothing failed: who
// asked goes on, without Ctrl-C.
//
// # never-read
//
// Nothing in the package receives from the channel: the signals are caught and
// ignored. If that is meant, [signal.Ignore] says so.
//
// # stop-discarded
//
// The second result of [signal.NotifyContext] is assigned to _, outside of
// package main.
//
// # Limits
//
// Exported fields and variables may be set and read by other packages, so
// nothing is said of them. A channel that a goroutine or another function has
// is taken to be served as long as the process lives. A function that never
// calls Stop is else taken to return when the process is to end.
package signalmisuse
