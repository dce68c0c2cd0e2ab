package bad

import "sync"

// A scope finds variables, and a value asks the scope that it is rendered in for others.
type Scope interface {
	Find(name string) (Piece, bool)
}

type Piece interface {
	Render(in Scope) string
}

type Plain string

func (p Plain) Render(Scope) string { return string(p) }

type Quote struct{ name string }

func (q Quote) Render(in Scope) string {
	if p, ok := in.Find(q.name); ok {
		return p.Render(in)
	}
	return ""
}

type Variables struct {
	mu  sync.Mutex
	all map[string]Piece
}

func (v *Variables) Set(name string, p Piece) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.all[name] = p
}

func (v *Variables) Find(name string) (Piece, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	p, ok := v.all[name]
	return p, ok
}

func (v *Variables) Expand(name string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	p, ok := v.all[name]
	if !ok {
		return ""
	}
	return p.Render(v) // want `Render blocks forever if it is Quote.Render: that calls v.mu.Lock \(render.go:39 through Variables.Find\), held since line 46`
}
