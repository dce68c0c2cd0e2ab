// Package chandir finds channels whose type allows more than is done with them.
//
// # Analyzer chandir
//
// chandir: find channels used in one direction only whose type does not say so
//
// A channel that a function only receives from can be declared <-chan T, one
// that it only sends on or closes chan<- T. Then the compiler refuses the
// mistakes that otherwise show at run time: a consumer that closes the channel
// makes the producer panic, a producer that receives takes away a value that
// was meant for someone else, and two owners close twice.
//
//	func worker(jobs chan Job) {
//		for j := range jobs {
//			j.Do()
//		}
//	}
//
// The direction is part of the type:
//
//	func worker(jobs <-chan Job) {
//
// A finding is made only where the change compiles and no code out of sight
// can notice it. The analyzer follows the channel through the package: through
// variables that take over its type, closures, calls of functions, fields
// and results. A channel that is passed on to a function which can be narrowed
// too is narrowed with it, and the fix changes both. If the two are in different
// files, only the function that is called gets a fix; the next run offers the
// other one.
//
// # parameter
//
// A parameter of a function or method of which all uses are in one direction.
// Callers are not affected, since a chan T can be passed for both. Functions
// used as values, and methods that an interface in sight has, keep their type.
//
// # result
//
// The result of an unexported function, or of one that no other package can
// call, that all callers only receive from, or only send on.
//
// # field
//
// An unexported field of a struct type that gets its channels from elsewhere,
// and that the package uses in one direction:
//
//	type client struct {
//		requests chan Request
//		quit     chan struct{}
//	}
//
//	func (c *client) do(r Request) {
//		select {
//		case c.requests <- r:
//		case <-c.quit:
//		}
//	}
//
// Here the server owns both channels. The client says which end it holds:
//
//	type client struct {
//		requests chan<- Request
//		quit     <-chan struct{}
//	}
//
// # variable
//
// A variable with a written type that holds the channel of someone else and is
// used in one direction, such as the one that is nil to keep a select from
// sending:
//
//	var out chan Event
//	if len(queue) > 0 {
//		out = s.events
//	}
//
// # closed-result
//
// An exported function makes a channel, closes it itself or in a goroutine
// of its own, and returns it. A caller that sends on it or closes it panics, so
// there is nothing lost in forbidding that:
//
//	func Numbers(n int) chan int {
//		c := make(chan int)
//		go func() {
//			defer close(c)
//			for i := range n {
//				c <- i
//			}
//		}()
//		return c
//	}
//
// Declare the result <-chan int. There is no fix, because callers in other
// packages that store the result in a chan int must change with it.
//
// # Limits
//
// Not looked at: parameters and results of function literals, function types
// and interface methods, exported fields and variables, elements of maps,
// slices, arrays and other channels, named channel types, and fields of
// structs without a name. Exported methods of exported types are left alone,
// because an interface of a package that is not seen may ask for them.
//
// A parameter of an exported function is narrowed though another package may
// use the function as a value of type func(chan T), which then does not
// compile.
//
// A channel that is compared with another one, stored in an interface, or
// passed to a type parameter counts as used in both directions; so does one
// that is mentioned by name in a file that the build leaves out: for another
// platform, or, where tests are not analysed, in a test of the package.
//
// A field or variable that only ever gets a channel made for it alone is left
// alone: used in one direction only, its other end is missing. So is a local
// variable that only gets the channels of other local variables.
package chandir
