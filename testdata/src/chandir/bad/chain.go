package bad

// relay gets no fix before the function in the other file has been fixed: one
// alone would not compile.
func relay(out chan int) { // want `out is only sent to`
	emit(out)
}

func startRelay() {
	c := make(chan int)
	go relay(c)
	<-c
}
