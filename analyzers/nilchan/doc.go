// Package nilchan finds operations that block for ever on a nil channel.
//
// # Analyzer nilchan
//
// nilchan: check for sends and receives on channels that are nil
//
// A send on a nil channel and a receive from one block for ever; no close or
// later assignment ends that. The zero value of a channel is nil.
//
// # nil
//
// The channel was declared and never made:
//
//	var done chan struct{}
//	go func() { work(); done <- struct{}{} }()
//	<-done
//
// Make it:
//
//	done := make(chan struct{})
//
// # schedule
//
// Every branch is fine, but some order of the goroutines' steps leads to the
// nil channel. Reported only with the flag -nilchan.schedule.
//
// # Limits
//
// A nil channel in a select beside other cases switches its case off, which is
// a known idiom, and is not reported. Fields are followed only for objects that
// are made in sight.
package nilchan
