package bad

// Small numbers are taken as they are.

func fiveIntoFour() chan string {
	names := make(chan string, 4)
	names <- "a"
	names <- "b"
	names <- "c"
	names <- "d"
	names <- "e" // want `send on names blocks forever: no other goroutine can end it`
	return names
}

func listIntoFour() chan string {
	names := make(chan string, 4)
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		names <- name // want `send on names blocks forever: no other goroutine can end it`
	}
	close(names)
	return names
}

func twoLoops() chan int {
	ids := make(chan int, 4)
	for i := range 2 {
		ids <- i
	}
	for i := range 3 {
		ids <- i // want `send on ids blocks forever: no other goroutine can end it`
	}
	return ids
}
