package bad

// uplink is the stream to a server.
type uplink interface {
	Send(n int) error
	Recv() ([]byte, error)
}

// credit lets the server send so much, and is told by each read what that took of it.
type credit struct {
	up    uplink
	left  int
	spent chan struct{}
}

func newCredit(up uplink, size int) *credit {
	c := &credit{up: up, spent: make(chan struct{}, 1)}
	go func() {
		for {
			if c.left >= size {
				<-c.spent
				continue
			}
			if err := up.Send(size); err == nil {
				c.left += size
			}
		}
	}()
	return c
}

// Read can have the answer to a Send before that is added.
func (c *credit) Read() ([]byte, error) {
	data, err := c.up.Recv()
	if err != nil {
		return nil, err
	}
	c.left -= len(data) // want `read of c.left races with the write on line 25: nothing orders it with the goroutine of line 18; guard both by a mutex`
	c.spent <- struct{}{}
	return data, nil
}

// tape counts what it has played.
type tape struct {
	out    chan int
	played int
}

func newTape(notes []int) *tape {
	t := &tape{out: make(chan int)}
	go t.run(notes)
	return t
}

func (t *tape) run(notes []int) {
	for {
		for _, n := range notes {
			t.out <- n
			t.played++
		}
	}
}

func (t *tape) Next() (note, nth int) {
	note = <-t.out
	return note, t.played // want `read of t.played races with the write on line 59: nothing orders it with the goroutine of line 51; guard both by a mutex`
}

// desk counts what it has been handed.
type desk struct {
	in   chan string
	seen int
}

func newDesk() *desk {
	d := &desk{in: make(chan string)}
	go d.run()
	return d
}

func (d *desk) run() {
	for {
		<-d.in
		d.seen++
	}
}

func (d *desk) Hand(s string) int {
	d.in <- s
	return d.seen // want `read of d.seen races with the write on line 84: nothing orders it with the goroutine of line 77; guard both by a mutex`
}
