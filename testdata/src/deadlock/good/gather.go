package good

// A shard notes what was lost; nobody closes its channel.
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

// gather runs as long as the process: the goroutines that feed it do so too.
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
	for n := range all {
		use(n)
	}
}
