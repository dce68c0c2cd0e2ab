package good

import "sync"

// uplink is the stream to a server.
type uplink interface {
	Send(n int) error
	Recv() ([]byte, error)
}

// credit lets the server send so much, and is told by each read what that took of it.
type credit struct {
	up    uplink
	mu    sync.Mutex
	left  int
	spent chan struct{}
}

func newCredit(up uplink, size int) *credit {
	c := &credit{up: up, spent: make(chan struct{}, 1)}
	go func() {
		for {
			c.mu.Lock()
			full := c.left >= size
			c.mu.Unlock()
			if full {
				<-c.spent
				continue
			}
			if err := up.Send(size); err == nil {
				c.mu.Lock()
				c.left += size
				c.mu.Unlock()
			}
		}
	}()
	return c
}

func (c *credit) Read() ([]byte, error) {
	data, err := c.up.Recv()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.left -= len(data)
	c.mu.Unlock()
	c.spent <- struct{}{}
	return data, nil
}

// tape counts what it plays.
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
			t.played++
			t.out <- n
		}
	}
}

// Next reads what was counted before this note, and perhaps the next one already: the
// count is behind the send that it was waiting in.
func (t *tape) Next() (note int) {
	return <-t.out
}

// desk counts what it has been handed, and says so.
type desk struct {
	in   chan string
	done chan struct{}
	seen int
}

func newDesk() *desk {
	d := &desk{in: make(chan string), done: make(chan struct{})}
	go d.run()
	return d
}

func (d *desk) run() {
	for {
		<-d.in
		d.seen++
		d.done <- struct{}{}
	}
}

func (d *desk) Hand(s string) int {
	d.in <- s
	<-d.done
	return d.seen
}

// tallyBook is asked for its sum by a message that adds nothing.
type tallyBook struct {
	in  chan int
	sum int
}

func newTallyBook() *tallyBook {
	l := &tallyBook{in: make(chan int)}
	go l.run()
	return l
}

func (l *tallyBook) run() {
	for {
		if n := <-l.in; n != 0 {
			l.sum += n
		}
	}
}

// Sum has waited for what was added before: nobody adds after it.
func (l *tallyBook) Sum() int {
	l.in <- 0
	return l.sum
}

// crew is a pool that is told of each job, and once more when all are done.
type crew interface {
	Job(n int)
	Done()
	Wait()
}

type works struct {
	crew  crew
	total int
}

func newWorks(c crew, jobs []int) *works {
	w := &works{crew: c}
	go func() {
		defer w.crew.Done()
		for _, n := range jobs {
			w.crew.Job(n)
			w.total += n
		}
	}()
	return w
}

func (w *works) Total() int {
	w.crew.Wait()
	return w.total
}
