package good

// merge asks before each turn.
func merge(out chan<- int, a, b <-chan int) {
	for a != nil || b != nil {
		select {
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
	}
}

// counted counts those that are left.
func counted(out chan<- int, a, b <-chan int) {
	for open := 2; open > 0; {
		select {
		case v, ok := <-a:
			if !ok {
				a = nil
				open--
				continue
			}
			out <- v
		case v, ok := <-b:
			if !ok {
				b = nil
				open--
				continue
			}
			out <- v
		}
	}
}

// first returns at the second.
func first(out chan<- int, a, b <-chan int) {
	for {
		select {
		case v, ok := <-a:
			if !ok {
				if a = nil; b == nil {
					return
				}
				continue
			}
			out <- v
		case v, ok := <-b:
			if !ok {
				if b = nil; a == nil {
					return
				}
				continue
			}
			out <- v
		}
	}
}

// stopped has another way out.
func stopped(out chan<- int, a <-chan int, stop <-chan struct{}) {
	for {
		select {
		case v, ok := <-a:
			if !ok {
				a = nil
				continue
			}
			out <- v
		case <-stop:
			return
		}
	}
}
