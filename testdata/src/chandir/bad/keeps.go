package bad

// What would break if the type changed, taken away one by one.

type source chan int

type notInterface struct{}

// No interface asks for a method put.
func (notInterface) put(c chan int) { c <- 1 } // want `c is only sent to`

// No one uses the function as a value.
func notValue(c chan int) { c <- 1 } // want `c is only sent to`

// The receiver of the argument says that it only receives.
func notStored(c chan int) { // want `c is only received from`
	take(c)
}

func take(c <-chan int) { <-c }

// All of the names are used alike.
func notMixed(a, b chan int) { // want `a and b are only received from`
	<-a
	<-b
}

// The conversion is to one direction.
func notConverted(c chan int) { // want `c is only received from`
	take((<-chan int)(c))
}

// Nobody looks at the type behind an interface.
func notBoxed(c chan int) { // want `c is only received from`
	var r <-chan int = c
	<-r
}

// The address stays here.
func notAddressed(c chan int) { // want `c is only received from`
	<-c
}

// A struct of its own.
type notTwin struct {
	c chan int // want `notTwin.c is only received from`
}

func (t notTwin) wait() { <-t.c }

func useKeeps(c chan int, s source) {
	first(s)
	notInterface{}.put(c)
	notValue(s)
	notStored(c)
	notMixed(c, c)
	notConverted(c)
	notBoxed(c)
	notAddressed(c)
	notTwin{c}.wait()
	<-c
	c <- 1
}

// The channel comes from the owner, a mailbox.
func notLocal(m *mailbox, on bool) {
	var c chan int // want `c is only received from`
	if on {
		c = m.c
	}
	select {
	case <-c:
	default:
	}
}

type mailbox struct{ c chan int }

func (m *mailbox) put()     { m.c <- 1 }
func (m *mailbox) get() int { return <-m.c }

// The method is not exported, so all of its callers are here.
type hidden struct{ c chan int }

func (h hidden) out() chan int { return h.c } // want `the result of out is only received from`

// Public has no method out for other packages.
type Public struct{ hidden }

func receiveOut(p *Public) int {
	p.c <- 1
	return <-p.out()
}
