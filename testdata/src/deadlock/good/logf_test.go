package good

import "testing"

// A method value of the test, which says nothing of what it is called for.
func TestLogf(t *testing.T) {
	done := make(chan int)
	logf := t.Logf
	go func() {
		logf("working")
		done <- 1
	}()
	<-done
}
