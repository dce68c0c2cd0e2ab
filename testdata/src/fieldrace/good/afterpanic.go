package good

import "io"

// The reader starts who connects again, and leaves.

type phone struct {
	line   io.Reader
	redial func() io.Reader
	report func(io.Reader, any)
}

func (p *phone) listen(buf []byte) {
	defer func() {
		if r := recover(); r != nil && p.line != nil {
			p.report(p.line, r)
		}
	}()
	for {
		if _, err := p.line.Read(buf); err != nil {
			go p.again()
			return
		}
	}
}

func (p *phone) again() {
	p.line = p.redial()
}

var _ = (*phone).listen
