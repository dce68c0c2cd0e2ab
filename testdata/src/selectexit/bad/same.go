package bad

import "context"

type roster struct {
	added, removed chan int
	quit           chan struct{}
	members        map[int]bool
	lanes          []chan int
}

// The second case was copied; half of those who come are removed.
func (r *roster) serve(ctx context.Context) {
	for {
		select {
		case id := <-r.added:
			r.members[id] = true
		case id, ok := <-r.added: // want `receive from r.added is a case on line \d+ too, and chance decides which of the two runs; make them one, or name the other channel`
			if ok {
				delete(r.members, id)
			}
		case <-r.quit:
			return
		}
	}
}

// Whether it fails is left to chance.
func (r *roster) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case id := <-r.removed:
		delete(r.members, id)
	case <-ctx.Done(): // want `receive from ctx.Done\(\) is a case on line \d+ too`
		return nil
	}
	return nil
}

// The log tells the lane that was not taken.
func deal(job int, left, right chan<- int, log func(string)) {
	select {
	case left <- job:
		log("left")
	case left <- (job): // want `send of \(job\) on left is a case on line \d+ too`
		log("right")
	}
}

func (r *roster) merge(log func(string)) {
	const first = 0
	select {
	case id := <-r.lanes[0]:
		r.members[id] = true
	case id := <-r.lanes[first]: // want `receive from r.lanes\[first\] is a case on line \d+ too`
		r.members[id] = false
	case r.quit <- struct{}{}:
		log("stopped")
	case r.quit <- struct{}{}: // want `send of struct{}{} on r.quit is a case on line \d+ too`
		log("paused")
	}
}
