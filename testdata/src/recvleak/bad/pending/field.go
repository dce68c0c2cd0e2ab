package bad

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
	broken  bool
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
			m.mu.Lock()
			m.broken = true
			m.mu.Unlock()
			return
		}
		if x := m.take(seq); x != nil {
			x.reply <- body
		}
	}
}

// Call waits for the answer.
func (m *Mux) Call() string {
	m.mu.Lock()
	m.seq++
	x := &exchange{reply: make(chan string, 1)}
	m.waiting[m.seq] = x
	m.mu.Unlock()
	return <-x.reply // want `receive from x.reply blocks forever once Mux.read has returned for an error on line 38; let it answer those in m.waiting`
}
