package good

func do(int) {}

// The worker ends when all jobs are sent.
func workerWithoutClose(list []int) {
	jobs := make(chan int)
	defer close(jobs)
	go func() {
		for j := range jobs {
			do(j)
		}
	}()
	for _, j := range list {
		jobs <- j
	}
}
