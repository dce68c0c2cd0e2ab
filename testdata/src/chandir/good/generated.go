package good

// The function that it calls is generated, and keeps its type.
func intoGenerated(c chan int) {
	generated(c)
}
