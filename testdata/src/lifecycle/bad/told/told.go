// A Status describes the node.
package bad

import (
	"errors"
)

type Status struct {
	Term, Applied uint64
	Leader        string
}

type proposal struct {
	data []byte
	err  chan error
}

// Node is driven by a single goroutine.
type Node struct {
	propc   chan proposal
	tickc   chan struct{}
	statusc chan chan Status
	stop    chan struct{}
	done    chan struct{}
}

// ErrStopped is returned when the node no longer runs.
var ErrStopped = errors.New("raft: stopped")

// Start returns a running node.
func Start(leader string) *Node {
	n := &Node{
		propc:   make(chan proposal),
		tickc:   make(chan struct{}, 128),
		statusc: make(chan chan Status),
		stop:    make(chan struct{}),
		done:    make(chan struct{}),
	}
	go n.run(Status{Term: 1, Leader: leader})
	return n
}

func (n *Node) run(st Status) {
	defer close(n.done)
	for {
		select {
		case p := <-n.propc:
			st.Applied++
			p.err <- nil
		case <-n.tickc:
			st.Term++
		case c := <-n.statusc:
			c <- st
		case <-n.stop:
			return
		}
	}
}

// Propose appends data to the log.
func (n *Node) Propose(data []byte) error {
	p := proposal{data: data, err: make(chan error, 1)}
	select {
	case n.propc <- p:
		return <-p.err
	case <-n.done:
		return ErrStopped
	}
}

// Tick advances the logical clock.
func (n *Node) Tick() {
	select {
	case n.tickc <- struct{}{}:
	case <-n.done:
	}
}

// Status returns the state of the node.
func (n *Node) Status() Status {
	c := make(chan Status)
	n.statusc <- c // want `send on n.statusc blocks forever when Status is called after Stop`
	return <-c
}

// Stop ends the event loop.
func (n *Node) Stop() {
	select {
	case n.stop <- struct{}{}:
	case <-n.done:
		return
	}
	<-n.done
}
