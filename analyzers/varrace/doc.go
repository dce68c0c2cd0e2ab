// Package varrace finds variables that goroutines share without an order.
//
// # Analyzer varrace
//
// varrace: check that variables shared with a goroutine are accessed in an order
//
// A function literal that runs in a goroutine shares the variables around it.
// When one goroutine writes such a variable while another one reads or writes
// it, a write can be lost, a value be seen in part (an interface or slice is
// several words), and a loop that waits for a change need never see it. The
// race detector reports it only when a test happens to run both at the time.
//
//	var err error
//	for _, u := range urls {
//		wg.Go(func() {
//			err = fetch(u) // all goroutines write the same variable
//		})
//	}
//
// The repair: a variable of its own for each goroutine, a lock, package
// sync/atomic, or a channel.
//
//	wg.Go(func() {
//		if err := fetch(u); err != nil {
//			errs <- err
//		}
//	})
//
// A finding says that no path from the start of the goroutine to the other
// access has an operation that waits for something the goroutine does after
// its own access, that neither waits for the other in some other way, and that
// no lock is held at both.
//
// # instances
//
// The goroutine is started in a loop, the variable is declared outside of it,
// and each instance writes it: the shared err, the counter, the append to a
// shared slice. The loop can be in a function that is called, which runs the
// function it is given in several goroutines:
//
//	err := forEach(items, func(it item) error {
//		if class == "" {
//			class = it.class // forEach starts a goroutine for each item
//		}
//		return store(it, class)
//	})
//
// # requests
//
// The handler of an HTTP server, a ServeHTTP method or an argument of HandleFunc,
// or the RoundTrip method of a client's transport writes a variable around it. Requests are served at the
// same time.
//
// # spawner
//
// The function that starts the goroutine goes on to use the variable: it reads
// the result on a path that has not waited, or a flag that it polls, or writes
// what the goroutine reads. A return statement writes the named results. The start
// can be in a function that is called, also in one that waits for the goroutine and
// gives up when a timer or context is faster: what is used whatever that returns is
// used beside the goroutine then.
//
// # siblings
//
// Two goroutines that one function starts use the variable.
//
// # loop-variable
//
// In a file of a Go version before 1.22, all turns of a loop share its
// variable. Where the go statement ends the loop's body, loopclosure of
// golang.org/x/tools reports it.
//
// # subtests
//
// Subtests that call t.Parallel, on some paths at least, share a variable of the test
// around them.
//
// # sent
//
// A slice is sent on a channel, and the sender goes on to fill the same memory, by an
// assignment, copy, a Read or io.ReadFull, while the receiver, a goroutine started in the
// same function, reads its elements. Make a new slice for each send, or let the receiver
// give it back.
//
//	buf := make([]byte, 4096)
//	for {
//		n, err := r.Read(buf) // the receiver is still looking at it
//		...
//		blocks <- buf[:n]
//	}
//
// # overwritten
//
// A buffer is filled anew, by a Read, ReadFrom and their like, copy or the next Scan, while a
// goroutine that was given the part of it that was filled before still reads that.
//
//	buf := make([]byte, 1500)
//	for {
//		n, addr, err := conn.ReadFrom(buf) // the goroutine of the packet before reads this one, or a part of each
//		...
//		go handle(buf[:n], addr)
//	}
//
// The same holds of what Scanner.Bytes, Reader.ReadSlice, Reader.Peek and Buffer.Bytes return,
// which is valid only until the next call. Give the goroutine a copy: bytes.Clone(buf[:n]).
//
// # Objects of other packages
//
// A call of a method changes its object, also of one behind a pointer. For types that are
// documented, or known, not to be for several goroutines, the call counts as a write of the
// variable: bytes.Buffer, strings.Builder, list.List, bufio.Writer and their like. What
// fmt.Fprint, io.WriteString and io.Copy are given to write to is changed too.
//
// # spare-capacity
//
// Goroutines append to one slice that can have room behind its last element, and keep what
// comes out for themselves. They write to the same memory. See fieldrace.
//
// # Limits
//
// The goroutine must be started in sight: a go statement, WaitGroup.Go,
// errgroup, time.AfterFunc, t.Run. A variable whose address is handed on is not
// followed. Elements of slices and arrays count as private to whoever writes
// them. An operation on a channel or WaitGroup that cannot be told from the one
// waited for counts as that one; so does a method without arguments of an object
// that both goroutines call. An access under a condition on an atomic operation
// counts as ordered by it.
package varrace
