package patterns

import (
	"bytes"
	"fmt"
	"sync"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Format uses a pooled buffer. What it returns is a copy: the buffer's own bytes
// belong to the next who gets it.
func Format(values ...any) []byte {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	fmt.Fprint(buf, values...)
	return bytes.Clone(buf.Bytes())
}
