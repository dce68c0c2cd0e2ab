package bad

func intoHandwritten(c chan int) { // want `c is only sent to`
	handwritten(c)
}

func handwritten(c chan int) { // want `c is only sent to`
	c <- 1
}
