package good

import "fmt"

// What would break if the type changed.

type source chan int

type putter interface{ put(c chan int) }

type inInterface struct{}

// An interface asks for a method put with this type.
func (inInterface) put(c chan int) { c <- 1 }

// The function is used as a value of type func(chan int).
func asValue(c chan int) { c <- 1 }

var valued func(chan int) = asValue

// The function is used as a method expression.
func (source) send(c chan int) { c <- 1 }

var method = source.send

// The channel is kept where both directions are at hand.
func stored(c chan int) {
	kept = append(kept, c)
	<-c
}

var kept []chan int

// One of the names is used in the other direction.
func mixed(a, b chan int) {
	<-a
	b <- 1
}

// The channel becomes one of a named type.
func converted(c chan int) {
	s := source(c)
	<-s
}

// Who prints or asserts the type sees it.
func boxed(c chan int) {
	fmt.Println(c)
	<-c
}

// Through the address anything can be done.
func addressed(c chan int) {
	p := &c
	<-*p
}

// Values of the struct type are assigned to one without a name.
type twin struct {
	c chan int
}

func (t twin) wait() { <-t.c }

var unnamed struct{ c chan int } = twin{}

// The channel is compared with another one.
func compared(a, b chan int) {
	if a == b {
		return
	}
	<-a
	<-b
}

// A function literal has the type of its context.
func literal(c chan int) {
	<-func() chan int { return c }()
}

// Both are done, in different functions.
type mailbox struct {
	c chan int
}

func newMailbox(c chan int) *mailbox { return &mailbox{c} }

func (m *mailbox) put()     { m.c <- 1 }
func (m *mailbox) get() int { return <-m.c }

// The other end of a channel that is made for the field alone is missing, not
// named wrongly.
type lonely struct {
	never chan int
}

func newLonely() *lonely { return &lonely{never: make(chan int)} }

func (l *lonely) wait() { <-l.never }

// A receive-only channel cannot be closed.
func drainAndClose(c chan int) {
	close(c)
	for range c {
	}
}

func useKeeps(c chan int, s source) {
	var p putter = inInterface{}
	p.put(c)
	valued(c)
	method(s, c)
	stored(c)
	mixed(c, c)
	converted(c)
	boxed(c)
	addressed(c)
	twin{c}.wait()
	unnamed.c = c
	compared(c, c)
	literal(c)
	m := newMailbox(c)
	m.put()
	m.get()
	newLonely().wait()
	drainAndClose(c)
}

// The channel comes from the same function, which has both ends anyway.
func local(on bool) {
	own := make(chan int, 1)
	own <- 1
	var c chan int
	if on {
		c = own
	}
	select {
	case <-c:
	default:
	}
}

// The method is exported: other packages get at it where a value of the type
// is returned or embedded, and may send.
type hidden struct{ c chan int }

func (h hidden) Out() chan int { return h.c }

// Public has the method Out.
type Public struct{ hidden }

func receiveOut(p *Public) int { return <-p.Out() }
