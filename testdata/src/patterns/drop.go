package patterns

import "sync/atomic"

// Events keeps the newest events for a slow reader and drops what does not fit,
// so that who publishes never waits.
type Events struct {
	queue   chan string
	dropped atomic.Int64
}

// NewEvents has room for size events.
func NewEvents(size int) *Events {
	return &Events{queue: make(chan string, size)}
}

// Publish does not block.
func (e *Events) Publish(event string) {
	select {
	case e.queue <- event:
	default:
		e.dropped.Add(1)
	}
}

// Next waits for an event.
func (e *Events) Next() string { return <-e.queue }

// Dropped is how many were lost.
func (e *Events) Dropped() int64 { return e.dropped.Load() }
