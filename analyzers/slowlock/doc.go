// Package slowlock finds what takes long and is done with a lock held.
//
// # Analyzer slowlock
//
// slowlock: check that a lock is not held over what can take long
//
// A lock that is held while the code sleeps, asks the network or waits for other
// goroutines makes everybody wait who wants it, for as long as that takes. A
// function that a field or a parameter holds may want the lock itself.
//
//	func (c *Cache) Get(key string) (*Entry, error) {
//		c.mu.Lock()
//		defer c.mu.Unlock()
//		resp, err := c.client.Get(c.url + key) // all other keys wait too
//		...
//	}
//
// Ask first, and lock for the change alone:
//
//	func (c *Cache) Get(key string) (*Entry, error) {
//		resp, err := c.client.Get(c.url + key)
//		...
//		c.mu.Lock()
//		defer c.mu.Unlock()
//		c.entries[key] = e
//		...
//	}
//
// This is advice: the code is right as long as nobody minds, so it is off by
// default. What certainly hangs is reported by doublelock, lockblock and deadlock.
//
// # sleep
//
// time.Sleep with a lock held.
//
// # outside
//
// The network, a file, another process or a database is waited for.
//
// # wait
//
// A send, a receive, a select without default, the Wait of a group, or the Acquire
// of a semaphore.
//
// # callback
//
// A function is called that a field, a parameter or a variable holds, and that
// may be any.
//
// # Limits
//
// The lock must be held on every path there. Calls are not followed: a function
// of the package that sleeps is not seen. The Wait of a Cond is none, it releases
// the lock. A lock that is there to serialize just that (one connection, one file)
// is reported like any other.
package slowlock
