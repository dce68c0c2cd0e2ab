package bad

// With nothing to do, the loop takes a whole core.
func emptyDefault(jobs <-chan item, quit <-chan struct{}) {
	for {
		select {
		case it := <-jobs:
			it.work()
		case <-quit:
			return
		default: // want `the loop comes back to this select at once through its default`
		}
	}
}

func continueByDefault(jobs <-chan item, idle *bool) {
	for {
		select {
		case it := <-jobs:
			it.work()
		default: // want `through its default, and spins until a case is ready`
			if *idle {
				continue
			}
			item{}.work()
		}
	}
}

type feedOf interface {
	Jobs() <-chan item
	Failed() <-chan error
}

type intake struct {
	feed feedOf
	last item
}

func (in *intake) handle(it item) {
	if it != in.last {
		in.last = it
		it.work()
	}
}

// To forget the last item again and again does not wait.
func (in *intake) forgetsLast(quit <-chan struct{}) error {
	for {
		select {
		case it := <-in.feed.Jobs():
			in.handle(it)
		case err := <-in.feed.Failed():
			return err
		case <-quit:
			return nil
		default: // want `through its default, and spins until a case is ready`
			in.last = item{}
		}
	}
}
