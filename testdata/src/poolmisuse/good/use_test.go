package good

import (
	"bytes"
	"testing"
)

// That the buffer is no good after Put is what the test is about.
func TestGone(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	buf := buffers.Get().(*bytes.Buffer)
	buffers.Put(buf)
	buf.Truncate(10)
}
