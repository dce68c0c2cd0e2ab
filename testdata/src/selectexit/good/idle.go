package good

// keeps starts what is to stay, and stays itself.
func keeps(start func()) {
	go func() {
		start()
		select {}
	}()
	select {}
}
