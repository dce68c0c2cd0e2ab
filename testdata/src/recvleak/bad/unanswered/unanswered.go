// Package bad has servers that forget an answer on one way.
package bad

import "errors"

type kind int

const (
	put kind = iota
	take
	count
)

type order struct {
	kind   kind
	item   string
	answer chan int
}

// A Depot is a set of items that one goroutine owns.
type Depot struct {
	orders chan order
	done   chan struct{}
}

func New() *Depot {
	d := &Depot{orders: make(chan order), done: make(chan struct{})}
	go d.run()
	return d
}

func (d *Depot) run() {
	stock := make(map[string]int)
	for {
		select {
		case o := <-d.orders:
			serve(stock, o)
		case <-d.done:
			return
		}
	}
}

func serve(stock map[string]int, o order) {
	left := 0
	switch o.kind {
	case put:
		stock[o.item]++
	case take:
		if stock[o.item] == 0 {
			return
		}
		stock[o.item]--
	case count:
		left = stock[o.item]
	}
	o.answer <- left
}

// ask hangs when the item to take is not there: serve has returned, and nobody else answers.
func (d *Depot) ask(k kind, item string) (int, error) {
	o := order{kind: k, item: item, answer: make(chan int, 1)}
	select {
	case d.orders <- o:
		return <-o.answer, nil // want `receive from o.answer blocks forever if serve leaves without an answer on line 51; answer on every path`
	case <-d.done:
		return 0, errors.New("closed")
	}
}

func (d *Depot) Take(item string) (int, error)  { return d.ask(take, item) }
func (d *Depot) Put(item string) (int, error)   { return d.ask(put, item) }
func (d *Depot) Count(item string) (int, error) { return d.ask(count, item) }

type job struct {
	path string
	fin  chan struct{}
}

// A Printer prints one job after the other.
type Printer struct{ jobs chan *job }

func NewPrinter(print func(string) error, log func(error)) *Printer {
	p := &Printer{jobs: make(chan *job, 4)}
	go p.loop(print, log)
	return p
}

// loop goes on with the next job when one fails, and does not tell who waits for it.
func (p *Printer) loop(print func(string) error, log func(error)) {
	for j := range p.jobs {
		if err := print(j.path); err != nil {
			log(err)
			continue
		}
		close(j.fin)
	}
}

func (p *Printer) Print(path string) {
	j := &job{path: path, fin: make(chan struct{})}
	p.jobs <- j
	<-j.fin // want `receive from j.fin blocks forever if Printer.loop leaves without an answer on line 92; answer on every path`
}

func (p *Printer) Close() { close(p.jobs) }

type lookup struct {
	name  string
	reply chan string
}

// Names answers by a helper, and not at all for an empty name.
type Names struct{ asked chan lookup }

func (n *Names) Run(stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case l := <-n.asked:
			n.handle(l)
		}
	}
}

func (n *Names) handle(l lookup) {
	if l.name == "" {
		return
	}
	l.tell("is " + l.name)
}

func (l lookup) tell(s string) { l.reply <- s }

func (n *Names) Find(name string) string {
	l := lookup{name: name, reply: make(chan string, 1)}
	n.asked <- l
	return <-l.reply // want `receive from l.reply blocks forever if Names.handle leaves without an answer on line 129; answer on every path`
}
