package bad

// merge leaves no way out for who is last.
func merge(out chan<- int, a, b <-chan int) {
	for {
		select { // want `this select blocks forever once a and b are nil: leave the loop then`
		case v, ok := <-a:
			if !ok {
				a = nil
				continue
			}
			out <- v
		case v, ok := <-b:
			if !ok {
				b = nil
				continue
			}
			out <- v
		}
		if a == nil && b == nil {
			return
		}
	}
}

// gather takes from three, and never returns.
func gather(out chan<- int, a, b, c <-chan int) {
	for n := 0; ; n++ {
		var v int
		ok := false
		select { // want `this select blocks forever once a, b, c are all nil: leave the loop then`
		case v, ok = <-a:
			if !ok {
				a = nil
				continue
			}
		case v, ok = <-b:
			if !ok {
				b = nil
				continue
			}
		case v, ok = <-c:
			if !ok {
				c = nil
				continue
			}
		}
		out <- v
	}
}
