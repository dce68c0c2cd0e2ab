package good

// A feed has an array beside its channel, of which any element may be set.
type feed struct {
	slots [16][64]uint32
	at    uint64
	out   chan int
}

func parse(f *feed, message []byte) bool {
	if f.out == nil {
		f.out = make(chan int, len(f.slots)-2)
	}
	f.at = ^uint64(0)
	return f.find(message)
}

func (f *feed) find(message []byte) bool {
	f.slots[f.at%16][0] = uint32(len(message))
	f.out <- len(message)
	return true
}

func start(message []byte) *feed {
	f := new(feed)
	go func() {
		for range f.out {
		}
	}()
	parse(f, message)
	return f
}
