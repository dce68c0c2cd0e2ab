package good

// A queue without a bound: a nil channel switches a case off while it is empty.
func unbounded() (chan<- int, <-chan int) {
	in, out := make(chan int), make(chan int)
	go func() {
		defer close(out)
		var queue []int
		source := in
		for source != nil || len(queue) > 0 {
			var sink chan int
			var head int
			if len(queue) > 0 {
				sink, head = out, queue[0]
			}
			select {
			case v, ok := <-source:
				if !ok {
					source = nil
					break
				}
				queue = append(queue, v)
			case sink <- head:
				queue = queue[1:]
			}
		}
	}()
	return in, out
}

func throughQueue(values []int) (sum int) {
	in, out := unbounded()
	for _, v := range values {
		in <- v
	}
	close(in)
	for range values {
		sum += <-out
	}
	<-out
	return sum
}
