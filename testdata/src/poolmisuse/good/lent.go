package good

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

// The text is a copy of that of the buffer, which is put when withForm returns.
func render(names []string) ([]byte, error) {
	var text []byte
	err := withForm(func(b *bytes.Buffer) error {
		for _, n := range names {
			b.WriteString(n)
		}
		text = bytes.Clone(b.Bytes())
		return nil
	})
	if err != nil {
		return nil, err
	}
	return text, nil
}

// What is left behind is used within the function only.
func longest(names []string) int {
	var text []byte
	withForm(func(b *bytes.Buffer) error {
		b.WriteString(names[0])
		text = b.Bytes()
		text = bytes.TrimSpace(text)
		return nil
	})
	return len(text)
}

// The memory is the caller's own.
func keepNames(names []byte) []byte {
	var kept []byte
	withForm(func(b *bytes.Buffer) error {
		b.Write(names)
		kept = names[1:]
		return nil
	})
	return kept
}
