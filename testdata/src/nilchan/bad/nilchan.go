package bad

// The channel is declared and never made.
func receiveFromNil() {
	go func() {
		var done chan struct{}
		<-done // want `receive from done blocks forever: done is nil here; make it first`
	}()
}
