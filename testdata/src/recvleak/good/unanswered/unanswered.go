// Package good has servers that answer on every way.
package good

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
			break
		}
		stock[o.item]--
	case count:
		left = stock[o.item]
	}
	o.answer <- left
}

func (d *Depot) ask(k kind, item string) (int, error) {
	o := order{kind: k, item: item, answer: make(chan int, 1)}
	select {
	case d.orders <- o:
		return <-o.answer, nil
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

func (p *Printer) loop(print func(string) error, log func(error)) {
	for j := range p.jobs {
		if err := print(j.path); err != nil {
			log(err)
		}
		close(j.fin)
	}
}

func (p *Printer) Print(path string) {
	j := &job{path: path, fin: make(chan struct{})}
	p.jobs <- j
	<-j.fin
}

func (p *Printer) Close() { close(p.jobs) }

type lookup struct {
	name  string
	reply chan string
}

// Names answers by a helper.
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
		l.tell("")
		return
	}
	l.tell("is " + l.name)
}

func (l lookup) tell(s string) { l.reply <- s }

func (n *Names) Find(name string) string {
	l := lookup{name: name, reply: make(chan string, 1)}
	n.asked <- l
	return <-l.reply
}
