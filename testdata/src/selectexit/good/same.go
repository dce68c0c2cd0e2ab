package good

import "context"

type roster struct {
	added, removed chan int
	quit           chan struct{}
	members        map[int]bool
	lanes          []chan int
}

func (r *roster) serve(ctx context.Context) {
	for {
		select {
		case id := <-r.added:
			r.members[id] = true
		case id, ok := <-r.removed:
			if ok {
				delete(r.members, id)
			}
		case <-r.quit:
			return
		}
	}
}

func (r *roster) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case id := <-r.removed:
		delete(r.members, id)
	}
	return nil
}

func deal(job int, left, right chan<- int, log func(string)) {
	select {
	case left <- job:
		log("left")
	case right <- (job):
		log("right")
	}
}

func (r *roster) merge(log func(string)) {
	const first = 1
	select {
	case id := <-r.lanes[0]:
		r.members[id] = true
	case id := <-r.lanes[first]:
		r.members[id] = false
	case r.quit <- struct{}{}:
		log("stopped")
	}
}

// The urgent ones have two chances of three.
func weighted(urgent, normal <-chan int, handle func(int)) {
	for {
		select {
		case id := <-urgent:
			handle(id)
		case id := <-urgent:
			handle(id)
		case id := <-normal:
			handle(id)
		}
	}
}

// Of two channels that are made, of two objects, of two values.
func others(a, b *roster, tick func() <-chan int, use func(string, int)) {
	select {
	case x := <-tick():
		use("first", x)
	case x := <-tick():
		use("second", x)
	case x := <-a.added:
		use("a", x)
	case x := <-b.added:
		use("b", x)
	case a.removed <- 1:
		use("one", 1)
	case a.removed <- 2:
		use("two", 2)
	case x := <-a.lanes[len(a.members)]:
		use("lane", x)
	case x := <-a.lanes[len(b.members)]:
		use("lane of b", x)
	}
}
