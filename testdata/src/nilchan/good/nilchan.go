package good

// The channel is made, and closed by another goroutine.
func receiveFromNil() {
	go func() {
		done := make(chan struct{})
		go func() { close(done) }()
		<-done
	}()
}
