package good

// Small numbers are taken as they are.

func fiveIntoFour() chan string {
	names := make(chan string, 5)
	names <- "a"
	names <- "b"
	names <- "c"
	names <- "d"
	names <- "e"
	return names
}

func listIntoFour() chan string {
	names := make(chan string, 4)
	for _, name := range []string{"a", "b", "c", "d"} {
		names <- name
	}
	close(names)
	return names
}

func twoLoops() chan int {
	ids := make(chan int, 4)
	for i := range 2 {
		ids <- i
	}
	for i := range 2 {
		ids <- i
	}
	return ids
}

// Of larger ones only the order is known.

func nine() chan int {
	ids := make(chan int, 9)
	ids <- 1
	ids <- 2
	ids <- 3
	ids <- 4
	ids <- 5
	return ids
}

func nineTwice() chan int {
	ids := make(chan int, 8)
	for i := range 2 {
		ids <- i
	}
	for i := range 2 {
		ids <- i
	}
	return ids
}
