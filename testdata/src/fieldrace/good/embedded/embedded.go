// Package embedded has its done channel in an embedded struct, whose method hands it out.
package embedded

type status struct{ done chan struct{} }

// Done is closed at the end; Err may be used then.
func (s *status) Done() <-chan struct{} { return s.done }

type Proc struct {
	status
	err error
}

func Start(run func() error) *Proc {
	p := &Proc{status: status{make(chan struct{})}}
	go func() {
		defer close(p.done)
		p.err = run()
	}()
	return p
}

func (p *Proc) Err() error { return p.err }
