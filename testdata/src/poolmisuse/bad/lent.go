package bad

import (
	"bytes"
	"sync"
)

var forms = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func withForm(f func(b *bytes.Buffer) error) error {
	b := forms.Get().(*bytes.Buffer)
	defer func() {
		b.Reset()
		forms.Put(b)
	}()
	return f(b)
}

// The text is that of the buffer, which is put when withForm returns.
func render(names []string) ([]byte, error) {
	var text []byte
	err := withForm(func(b *bytes.Buffer) error {
		for _, n := range names {
			b.WriteString(n)
		}
		text = b.Bytes() // want `this keeps memory of b, which withForm puts \(line \d+\), for the use on line \d+: it races with the goroutine that gets it next; keep a copy`
		return nil
	})
	if err != nil {
		return nil, err
	}
	return text, nil
}
