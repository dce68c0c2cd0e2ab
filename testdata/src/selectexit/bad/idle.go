package bad

func idles(work func()) {
	go func() {
		select {} // want `^the goroutine does nothing but block forever in select \{\}; leave it out, or let it do something before$`
	}()
	go func() {
		select {} // want `does nothing but block forever`
		work()
	}()
}
