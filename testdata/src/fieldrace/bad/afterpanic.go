package bad

import "io"

// The reader starts who connects again, and leaves.

type phone struct {
	line   io.Reader
	redial func() io.Reader
	report func(io.Reader, any)
}

func (p *phone) listen(buf []byte) {
	defer func() {
		p.report(p.line, nil)
	}()
	for {
		if _, err := p.line.Read(buf); err != nil {
			go p.again()
			return
		}
	}
}

func (p *phone) again() {
	p.line = p.redial() // want `write of p\.line races with the read on line 15: nothing on the way there waits for the goroutine of line 19; guard both by a mutex`
}

var _ = (*phone).listen
