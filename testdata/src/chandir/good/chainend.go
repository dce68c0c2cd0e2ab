package good

func emit(out chan<- int) {
	out <- 1
}
