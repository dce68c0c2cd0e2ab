// Package filled sends an object when it is filled, and nobody has it before.
package filled

type Loader struct {
	vals map[string]string
	err  error
}

// Load sends the loader on c when it may be used: nobody has it before.
func Load(src func() (map[string]string, error), c chan<- *Loader) {
	l := &Loader{}
	go func() {
		l.vals, l.err = src()
		c <- l
	}()
}

func (l *Loader) Get(k string) (string, error) {
	if l.err != nil {
		return "", l.err
	}
	return l.vals[k], nil
}
