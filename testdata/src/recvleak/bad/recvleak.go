package bad

func do(int) {}

// Nothing closes jobs, so the worker waits for the next one for ever.
func workerWithoutClose(list []int) {
	jobs := make(chan int)
	go func() {
		for j := range jobs { // want `range over jobs never ends`
			do(j)
		}
	}()
	for _, j := range list {
		jobs <- j
	}
}
