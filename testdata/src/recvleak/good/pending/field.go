package good

import "sync"

// A reply is waited for in a field of the call.
type exchange struct {
	reply chan string
}

// A Mux sends calls over one transport; take gives out what waits.
type Mux struct {
	recv func() (int, string, error)

	mu      sync.Mutex
	seq     int
	waiting map[int]*exchange
}

// NewMux starts the reader.
func NewMux(recv func() (int, string, error)) *Mux {
	m := &Mux{recv: recv, waiting: make(map[int]*exchange)}
	go m.read()
	return m
}

func (m *Mux) take(seq int) *exchange {
	m.mu.Lock()
	defer m.mu.Unlock()
	x := m.waiting[seq]
	delete(m.waiting, seq)
	return x
}

func (m *Mux) read() {
	for {
		seq, body, err := m.recv()
		if err != nil {
			m.fail()
			return
		}
		if x := m.take(seq); x != nil {
			x.reply <- body
		}
	}
}

func (m *Mux) fail() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for seq, x := range m.waiting {
		delete(m.waiting, seq)
		close(x.reply)
	}
}

// Call waits for the answer.
func (m *Mux) Call() string {
	m.mu.Lock()
	m.seq++
	x := &exchange{reply: make(chan string, 1)}
	m.waiting[m.seq] = x
	m.mu.Unlock()
	return <-x.reply
}
