package good

import (
	"context"
	"errors"
	"log"
	"os"
	"sync"
)

type conn struct {
	mu     sync.RWMutex
	state  sync.Mutex
	closed bool
	held   bool
	next   *conn
}

// Locks for its caller.
func (c *conn) acquire() { c.mu.Lock() }
func (c *conn) release() { c.mu.Unlock() }

// Locks for its caller unless it fails.
func (c *conn) Acquire() error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return errors.New("closed")
	}
	return nil
}

// Returns an unlock function.
func (c *conn) Guard(ok bool) func() {
	c.mu.Lock()
	if !ok {
		c.mu.Unlock()
		return nil
	}
	return c.mu.Unlock
}

func (c *conn) GuardLiteral(ok bool) func() {
	c.mu.Lock()
	if !ok {
		c.mu.Unlock()
		return func() {}
	}
	return func() {
		c.closed = true
		c.mu.Unlock()
	}
}

// A goroutine releases it.
func (c *conn) handOver(done chan bool) {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return
	}
	go func() {
		defer c.mu.Unlock()
		<-done
	}()
}

func (c *conn) handOverMethod(ctx context.Context) {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return
	}
	context.AfterFunc(ctx, c.release)
}

// Released and taken again, in the middle and for the caller.
func (c *conn) dropLocked(work func() error) error {
	c.mu.Unlock()
	defer c.mu.Lock()
	return work()
}

func (c *conn) useDrop(work func() error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.dropLocked(work); err != nil {
		return err
	}
	c.closed = true
	return nil
}

// Flags tell.
func (c *conn) flag(need bool, work func()) {
	if need {
		c.mu.Lock()
	}
	work()
	if need {
		c.mu.Unlock()
	}
}

func (c *conn) flagLocal(work func() bool) {
	locked := false
	if work() {
		c.mu.Lock()
		locked = true
	}
	work()
	if locked {
		c.mu.Unlock()
	}
}

func (c *conn) flagInClosure(work func() bool) error {
	c.mu.Lock()
	locked := true
	unlock := func() {
		if locked {
			c.mu.Unlock()
			locked = false
		}
	}
	defer unlock()
	if work() {
		return errors.New("early")
	}
	unlock()
	work()
	return nil
}

func (c *conn) sameError(work func() error) error {
	err := work()
	if err == nil {
		c.mu.Lock()
	}
	work()
	if err != nil {
		return err
	}
	c.mu.Unlock()
	return nil
}

// TryLock.
func (c *conn) try() bool {
	if !c.mu.TryLock() {
		return false
	}
	defer c.mu.Unlock()
	return c.closed
}

func (c *conn) tryLater() bool {
	ok := c.mu.TryLock()
	if !ok {
		return false
	}
	c.mu.Unlock()
	return true
}

// The process or goroutine ends.
func (c *conn) exits(code int) {
	c.mu.Lock()
	if code == 1 {
		os.Exit(code)
	}
	if code == 2 {
		log.Fatal("two")
	}
	if code == 3 {
		fatal()
	}
	c.mu.Unlock()
}

func fatal() {
	log.Print("bye")
	os.Exit(1)
}

// Upgrade as it should be.
func (c *conn) upgrade() {
	c.mu.RLock()
	if c.closed {
		c.mu.RUnlock()
		return
	}
	c.mu.RUnlock()
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return
	}
	c.closed = true
	c.mu.Unlock()
}

// Hand over hand.
func (c *conn) walk(visit func(*conn) bool) {
	c.mu.Lock()
	for c.next != nil {
		n := c.next
		n.mu.Lock()
		c.mu.Unlock()
		if !visit(n) {
			n.mu.Unlock()
			return
		}
		c = n
	}
	c.mu.Unlock()
}

// Not shared yet.
func newConn(closed bool) *conn {
	c := &conn{}
	c.mu.Lock()
	if closed {
		return c
	}
	c.mu.Unlock()
	return c
}

// A local copy of the pointer, an element, an accessor.
func (c *conn) alias(all map[string]*conn, key string) {
	mu := &c.state
	mu.Lock()
	defer c.state.Unlock()
	all[key].mu.Lock()
	all[key].mu.Unlock()
	c.lockOf().Lock()
	defer c.lockOf().Unlock()
}

func (c *conn) lockOf() *sync.RWMutex { return &c.mu }

// Released by the flag that another method reads.
func (c *conn) Hold(long bool) {
	c.mu.RLock()
	if long {
		c.held = true
		return
	}
	c.mu.RUnlock()
}

func (c *conn) Drop() {
	if c.held {
		c.held = false
		c.mu.RUnlock()
	}
}

// Gives up the lock for the time it waits, and the deferred closure
// knows whether that is so.
func (c *conn) waitUnlocked(done <-chan int) (int, error) {
	var unlocked bool
	c.mu.Lock()
	defer func() {
		if !unlocked {
			c.mu.Unlock()
		}
	}()
	if c.next == nil {
		return 0, errors.New("busy")
	}
	c.mu.Unlock()
	unlocked = true
	v, ok := <-done
	if !ok {
		return 0, errors.New("closed")
	}
	c.mu.Lock()
	unlocked = false
	return v, nil
}
