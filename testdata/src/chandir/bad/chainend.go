package bad

func emit(out chan int) { // want `out is only sent to`
	out <- 1
}
