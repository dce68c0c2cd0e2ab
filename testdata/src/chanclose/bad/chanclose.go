package bad

// Both paths close the channel.
func closedTwice() {
	done := make(chan struct{})
	go func() {
		<-done
	}()
	close(done)
	close(done) // want `close of done panics if it is closed on line \d+ before`
}
