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
