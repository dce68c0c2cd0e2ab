package bad

// A shard notes what was lost, until it is closed.
type shard struct{ lost chan int }

type shards struct{ all []*shard }

func newShards(n int) *shards {
	s := &shards{all: make([]*shard, n)}
	for i := range s.all {
		s.all[i] = &shard{lost: make(chan int, 100)}
	}
	return s
}

func (s *shard) note(n int) {
	select {
	case s.lost <- n:
	default:
	}
}

func (s *shard) close() { close(s.lost) }

// gather goes on when all shards are closed: nobody closes what it ranges over.
func (s *shards) gather(use func(int)) {
	all := make(chan int, 100)
	for _, x := range s.all {
		go func(c <-chan int) {
			for n := range c {
				select {
				case all <- n:
				default:
				}
			}
		}(x.lost)
	}
	for n := range all { // want `range over all blocks forever after the function literal has returned`
		use(n)
	}
}
