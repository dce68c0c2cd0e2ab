package good

// One path closes the channel.
func closedTwice() {
	done := make(chan struct{})
	go func() {
		<-done
	}()
	close(done)
}
