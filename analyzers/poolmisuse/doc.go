// Package poolmisuse finds wrong uses of sync.Pool.
//
// # Analyzer poolmisuse
//
// poolmisuse: check that what is put in a sync.Pool is not used any more, and that what comes out of it is what was put in
//
// After Put the value belongs to the pool, and the next Get, of any goroutine,
// hands it out. Who goes on using it works on the memory of somebody else.
//
//	buf := pool.Get().(*bytes.Buffer)
//	defer pool.Put(buf)
//	...
//	return buf.Bytes() // is overwritten as soon as another goroutine has buf
//
// Put it when it is not needed any more, and hand out a copy:
//
//	return bytes.Clone(buf.Bytes())
//
// # use-after-put
//
// The value, or memory that is a part of it, is used after Put on some path, or
// returned by a function that puts it in a deferred call. Functions that put
// their argument count as Put.
//
// Deferred calls run last to first. One that uses the value belongs after the one that
// puts it:
//
//	defer pool.Put(w)
//	defer w.Close()
//
// # double-put
//
// A value is put twice on some path, or once and again in a deferred call. Two
// goroutines get it at the same time.
//
// # put-while-shared
//
// A goroutine that has just been started, or whoever receives from a channel,
// still has the value when it is put: nothing in between waits for them.
//
//	go send(buf)
//	pool.Put(buf)
//
// # type-mismatch
//
// Get is asserted to be of a type that New does not make or that some Put does
// not put. It panics when the other one comes out.
//
// # nil-get
//
// The pool has no New, so Get returns nil when the pool is empty, and the type
// assertion panics.
//
// # non-pointer
//
// Put of a slice or struct copies that into a new allocation, which is what the
// pool is to spare. Put a pointer to it. It is reported with -poolmisuse.values: many
// projects do it knowingly, since a slice header is small beside what it points to.
//
// # Limits
//
// Values are followed within a function, and into functions that put their argument when
// they fail, or lend it to a function literal. What a field of the value points to
// is a part of it when it is a slice or map that the package only cuts, appends
// to and writes to once the value is made; else it can be new for each user, or
// be taken out before Put. A value that is
// stored in a field or variable before Put is not known to be used by
// others. Pools that other packages can reach have no known types.
package poolmisuse
