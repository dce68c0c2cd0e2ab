// Package fieldrace finds fields that are used without the lock that guards them.
//
// # Analyzer fieldrace
//
// fieldrace: check that a field is accessed under the lock that guards it elsewhere
//
// A field that one goroutine writes while another one uses it is seen in the
// middle of things, or not at all. The lock beside it helps only when every
// access takes it.
//
//	func (c *counter) Inc()       { c.mu.Lock(); c.n++; c.mu.Unlock() }
//	func (c *counter) Add(n int)  { c.mu.Lock(); c.n += n; c.mu.Unlock() }
//	func (c *counter) Value() int { return c.n } // without c.mu
//
// The repair:
//
//	func (c *counter) Value() int {
//		c.mu.Lock()
//		defer c.mu.Unlock()
//		return c.n
//	}
//
// Which lock guards a field is not written down; it is inferred, and so the
// category returned needs -fieldrace.guarded, and unguarded does where it is not
// certain that the two accesses are of two goroutines. Over the
// package, the lines that access the field are counted, and those at which a
// lock of the same struct is held, by the function or by all its callers. It
// guards the field when at least two functions take it for that, when a write
// is among these accesses, and when three of four accesses hold it, or all but
// one. Not counted are accesses to an object that the function, or all its
// callers, have just made; those of tests; functions whose name or comment says
// that the caller sees to the lock (setLocked, "must be called with mu held");
// and function values that are called who knows where. Package variables are
// guarded by the locks among the package variables in the same way.
//
// # unguarded
//
// The field is accessed without its lock in a function that other packages or
// goroutines can call. One of the two accesses named is a write, and there is no
// other lock that both hold. Accesses that a function makes before it starts its
// goroutines, or after it has waited for them, are left alone, and so are reads
// by the one goroutine that writes.
//
// Where one access is only reached from a goroutine that the package starts, and the
// other one is what other packages call or is reached from another goroutine, no flag is
// needed:
//
//	func newRelay() *relay { r := new(relay); go r.copy(); return r }
//	func (r *relay) Pass() { r.mu.Lock(); r.swallow = make(chan bool); r.mu.Unlock() }
//	func (r *relay) copy() { for { select { case <-r.swallow: ... } } } // without r.mu
//
// Nor is one where the function itself uses the variable under the lock just before, or
// asks it and then takes the lock, be it for the same variable or where at least four
// accesses hold the lock, while others set it:
//
//	if len(q.items) == 0 { return } // q.mu.Lock() first
//	q.mu.Lock()
//
// # read-lock
//
// The field is written while the lock is held by RLock, which keeps no other
// reader out.
//
// # returned
//
// An exported function returns the guarded slice itself. What the caller reads
// of it is read without the lock, while others set elements under it.
//
// # instances
//
// A goroutine that is started in a loop writes a field of an object that is
// made outside of it. This category and the next ones need no lock anywhere.
//
// # requests
//
// The handler of an HTTP server, a ServeHTTP method or an argument of HandleFunc, a method that
// is registered with net/rpc or gRPC, or the RoundTrip method of a client's transport writes a
// field of its receiver. Requests are served at the same time.
//
// # spawner
//
// The function that starts a goroutine goes on to use a field that the
// goroutine writes, on a path that does not wait for it, or the other way round. What
// the options write counts that a constructor applies: the functions of a type of the
// package which its exported functions return.
//
// # siblings
//
// Two goroutines that one function starts use the field.
//
// # subtests
//
// Subtests that call t.Parallel share an object of the test around them.
//
// # methods
//
// A goroutine of the object writes a field, and a method that other packages call
// reads it, or writes it when the constructor has started the goroutine. Neither
// holds a lock, the method waits for nothing, and what the goroutine signals after
// its write nobody in the package waits for, or the method sends to the goroutine
// what makes it write, or receives from the channel that the goroutine replaces again and
// again, and so is meant to be called while that runs:
//
//	func newPoller() *poller { p := new(poller); go p.run(); return p }
//	func (p *poller) run() { for now := range time.Tick(time.Second) { p.last = now } }
//	func (p *poller) Last() time.Time { return p.last }
//
// A signal that the goroutine gives before its write in each turn of its loop tells nobody
// that the write is done, though another one follows: whoever receives from out here can have
// the note of this turn.
//
//	for n := range notes { t.out <- n; t.played++ }
//
// In place of methods that other packages call stand those that only handlers of requests
// lead to.
//
// Likewise a method that sets a field which the goroutine of the constructor reads from its
// beginning, waiting for nothing but time: whoever has the object can only be late. And a
// method that waits for a signal which the goroutine gives before its write, not after it:
//
//	go func() { close(f.done); f.value = compute() }()
//	func (f *future) Get() int { <-f.done; return f.value }
//
// # next-call
//
// A function writes a field or package variable under a lock and starts a goroutine,
// which uses it without that. The function does not wait for the goroutine, so the
// next call writes while the goroutine of the one before uses it:
//
//	func (r *recorder) Watch() {
//		r.mu.Lock()
//		r.ops = append(r.ops, op{})
//		i := len(r.ops) - 1
//		r.mu.Unlock()
//		go func() { r.ops[i].done = true }() // the next append can move r.ops
//	}
//
// A write that depends on the state of the object, as in a Start that returns when it
// is started, is left alone.
//
// # taken-out
//
// The objects in a map or slice have no lock of their own; their fields are written
// under the lock of the map. Who takes a pointer out, lets go of the lock, and then
// reads such a field, reads beside the writers:
//
//	func (c *cluster) peer(n string) *peer { c.mu.RLock(); defer c.mu.RUnlock(); return c.peers[n] }
//	func (c *cluster) Move(n, to string)   { c.mu.Lock(); defer c.mu.Unlock(); c.peers[n].addr = to }
//	func (c *cluster) Dial(n string)       { dial(c.peer(n).addr) } // without c.mu
//
// Likewise who keeps what it has taken out in a field, where all that is ever stored in
// that field was taken out so.
//
// Who writes such a field past the unlock, while others read or write it under the lock, races
// with those; the helper that takes the object out can also be one that makes it when there is
// none. And who hands the whole object to an encoder, or to package fmt or log, has its fields
// read there:
//
//	json.NewEncoder(w).Encode(c.peer(n)) // reads addr without c.mu
//
// Fields that are not written after the object was put there are left alone, and so is
// what was deleted from the map when it was taken out.
//
// # reread
//
// A function reads a field under the lock, lets that go, and reads the field again;
// another one takes the value away under the lock. What was not nil before can be nil
// now:
//
//	r.mu.Lock()
//	if r.node == nil { r.mu.Unlock(); return nil }
//	r.mu.Unlock()
//	return r.node.Stop() // node := r.node, under the lock
//
// # two-locks
//
// A field is written under one lock of its struct here, and used under another one there.
// Each access is guarded, and not from the other. Only fields are looked at of which every
// access holds one of the locks.
//
//	func (s *stats) Read()  { s.readMu.Lock(); s.last = time.Now(); s.readMu.Unlock() }
//	func (s *stats) Write() { s.writeMu.Lock(); s.last = time.Now(); s.writeMu.Unlock() }
//
// Likewise a field of an object in a map of the struct: it is written under one lock, and read
// here under the other one only, that of the map.
//
// # copied
//
// A method with a value for a receiver takes a lock that the receiver points to, and then
// uses another field: that was copied when the method was called, without the lock.
//
//	type list struct { mu *sync.Mutex; items []string }
//	func (l list) Items() []string { l.mu.Lock(); defer l.mu.Unlock(); return l.items } // (l *list)
//
// # busy-wait
//
// A loop does nothing but read a field or package variable, and sleep or yield, until
// another function has written it. No lock, atomic or channel stands in the loop, so
// the read races with the write that ends it. By the memory model the loop need never
// see that one, and what was written before it can be seen late:
//
//	func (s *server) wait() {
//		for !s.ready { // s.ready = true in another goroutine
//			runtime.Gosched()
//		}
//	}
//
// A channel that is closed needs no loop: <-s.ready. An atomic.Bool makes the loop
// right.
//
// # past-unlock
//
// A slice is taken out under the lock, and its elements are read past the unlock, while another
// function moves them in their place: slices.Delete, a sort, append(s[:i], s[i+1:]...). The
// reader sees one twice, misses another, or finds a zero value.
//
//	b.mu.Lock()
//	subs := b.subs // slices.Clone(b.subs)
//	b.mu.Unlock()
//	for _, s := range subs {
//		s.send(m)
//	}
//
// Copy it under the lock, or let the writers make a new slice.
//
// # other-object
//
// A function locks one object, and uses the field of another one of the same type, whose own
// lock is held everywhere else.
//
//	func Transfer(from, to *Account, n int) {
//		from.mu.Lock()
//		defer from.mu.Unlock()
//		from.balance -= n
//		to.balance += n // under from.mu, and not under to.mu
//	}
//
// The two must be told apart: two parameters, or what one function returns for two different
// arguments. Let the other object lock itself, from.withdraw(n) and then to.deposit(n); who
// holds both locks takes them in one order, as lockorder says.
//
// # sent
//
// A pointer is sent on a channel, and the sender goes on to write a field that the
// receiver, a goroutine started in the same function, reads. What is sent is the
// receiver's: make a new object for each send, or wait for an answer.
//
//	r := new(reading)
//	for _, v := range values {
//		r.value = v // the receiver is still looking at it
//		out <- r
//	}
//
// # Objects of other packages
//
// A call of a method changes its object. For types that are documented, or known, not to
// be for several goroutines, the call counts as a write of the field: bytes.Buffer,
// strings.Builder, list.List, the readers and writers of bufio, archive, compress,
// encoding/csv and text/tabwriter, json.Decoder, rand.PCG, and rand.Rand where all that
// is stored there is made of a source of its package. Moving an element of a list under
// RLock is a write under RLock.
//
// # spare-capacity
//
// A slice that is grown one by one mostly has room behind its last element, and append puts
// what is appended there without a copy: a write to memory that all have who have the slice.
// So it is when goroutines that run at the same time, or requests, append to a field and keep
// what comes out for themselves, and also when they hold a lock, but by RLock. What one has
// appended the other one overwrites:
//
//	all := append(r.labels, more...) // append(slices.Clip(r.labels), more...), or slices.Concat
//
// Left alone is a slice that is only ever given literals, or that is clipped.
//
// # Limits
//
// A write without the lock is reported of a goroutine and of what other packages
// can call; a helper that writes knows to be alone, and so does Close.
// An exported function that sets the field and never takes the lock is left
// alone: mostly it is Start or Init, which is called before the object is shared.
// A lock in another struct than the field's is no guard. Locks are told apart by
// type and field, not by object: holding the lock of another object of the type
// counts. An object that is reached through a field of another one can be kept
// by that one's lock; its accesses count as evidence only.
package fieldrace
