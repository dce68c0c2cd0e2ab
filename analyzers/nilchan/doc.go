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
// # all-nil
//
// A loop switches off each case of its select by setting the channel to nil when that is
// closed. When the last one is off, and nothing asks for that before the next turn, the
// select has no case left:
//
//	for {
//		select {
//		case v, ok := <-a:
//			if !ok {
//				a = nil
//				continue // past the test below
//			}
//			use(v)
//		case v, ok := <-b:
//			if !ok {
//				b = nil
//				continue
//			}
//			use(v)
//		}
//		if a == nil && b == nil {
//			return
//		}
//	}
//
// Make the test the condition of the loop: for a != nil || b != nil.
//
// # schedule
//
// Every branch is fine, but some order of the goroutines' steps leads there. It is
// reported where the whole of the system was explored; -nilchan.schedule asks for
// the others too.
//
// # Limits
//
// A nil channel in a select beside other cases switches its case off, which is
// a known idiom, and is not reported. Fields are followed only for objects that
// are made in sight.
package nilchan
