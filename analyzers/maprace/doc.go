// Package maprace finds maps that goroutines share without a lock.
//
// # Analyzer maprace
//
// maprace: check that maps shared by goroutines are guarded by a lock
//
// A map is not safe for one goroutine to write while another reads or writes
// it. When the runtime notices, it ends the program with a fatal error that
// cannot be recovered; when it does not, entries are lost.
//
//	for _, n := range names {
//		wg.Go(func() { sizes[n] = size(n) })
//	}
//
// The repair: a lock at each access, reads and len included, a sync.Map, or one
// goroutine that owns the map.
//
//	wg.Go(func() {
//		mu.Lock()
//		defer mu.Unlock()
//		sizes[n] = size(n)
//	})
//
// # instances
//
// A goroutine that is started in a loop writes a map that is made outside of it.
//
// # requests
//
// The handler of an HTTP server, a ServeHTTP method or an argument of HandleFunc,
// or the RoundTrip method of a client's transport writes a map that is made outside of it. Requests are served at the
// same time.
//
// # spawner
//
// The function that starts the goroutine goes on to use the map, on a path
// that does not wait for the goroutine.
//
// # siblings
//
// Two goroutines that one function starts use the map.
//
// # subtests
//
// Subtests that call t.Parallel share a map of the test around them.
//
// # unguarded
//
// The map is a field or package variable. Nearly all accesses in the package
// hold the same lock, and this one, in a function that other packages or
// goroutines can call, does not. The finding names the evidence. See fieldrace
// for what counts. Where fewer than four accesses hold the lock, and it is not
// certain that the two accesses are of two goroutines, nor does the function itself take the
// lock just before or after, the custom is not clear enough: that needs -maprace.guarded.
//
// # read-lock
//
// The map is written while the lock is held by RLock, which keeps no other
// reader out.
//
// # returned
//
// An exported function returns the guarded map itself. What the caller reads of
// it is read without the lock, while others write entries under it. A map that
// is replaced as a whole and never written is left alone. So does one that returns a
// copy of the struct which the map is in: the copy has the same map.
//
// # past-unlock
//
// The map is taken from its field under the lock and used when that is let go.
// A map is a reference: it is still the one that others write. Where the function
// puts another map into the field, the one it took is its own, and left alone.
//
// A copy of a struct shares its maps. So it is with a function that copies structs under the
// lock and returns them, when its caller looks into a map of the copy, which others write to
// under the lock:
//
//	func (l *league) team(n string) team { l.mu.Lock(); defer l.mu.Unlock(); return *l.teams[n] }
//	func (l *league) won(n, m string) int { return l.team(n).points[m] } // maps.Clone, in team
//
// An entry of a map of maps is such a map, too, where others write to it in its place, and
// so it is when it is returned.
//
// # sent
//
// The guarded map is sent on a channel, and whoever receives it does not take the
// lock: it reads a map that others write. Where the function puts another map into
// the field, the one it sends is given away, and left alone.
//
// # methods
//
// A goroutine of the object writes the map, a method that other packages call uses
// it, and nothing in the package puts the two in an order. See fieldrace.
//
// # other-object
//
// The map is used under the lock of another object of the same type: of one shard under that
// of another one.
//
// # next-call
//
// A function that writes the map under a lock starts a goroutine that uses it without
// that, and can be called again before this ends. See fieldrace.
//
// # Methods and functions of maps
//
// http.Header, url.Values and textproto.MIMEHeader are maps: Set, Add and Del write to
// them, Get and the others read. maps.Copy, maps.Clone and the like, json.Marshal and
// reflect.DeepEqual count too, when they are given the map itself.
//
// # Limits
//
// As in varrace and fieldrace. A map without any lock is seen only where the
// goroutines are started in sight of each other.
package maprace
