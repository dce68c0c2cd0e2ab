package limits

// Server is exported, and so is the method: an interface of another package
// may ask for it with this type.
type Server struct{ stop chan struct{} }

// Serve only receives from stop.
func (s *Server) Serve(stop chan struct{}) {
	<-stop
}

// Stopped is exported, and does not close what it returns: some caller may
// rightly do that.
func (s *Server) Stopped() chan struct{} { return s.stop }

// literal starts a function literal whose parameter says too much.
func literal(c chan int) int {
	go func(out chan int) { out <- 1 }(c)
	return <-c
}

// table holds channels of which only one end is used.
type table struct {
	subscribers map[string]chan int
}

func (t *table) publish(v int) {
	for _, c := range t.subscribers {
		c <- v
	}
}

// A sink could take a chan<- int, and drop too.
type sink interface {
	drop(c chan int)
}

type null struct{}

func (null) drop(c chan int) { c <- 0 }

var _ sink = null{}
