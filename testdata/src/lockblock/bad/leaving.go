package bad

import "sync"

type news struct{ text string }

type paper struct {
	mu      sync.RWMutex
	readers map[*reader]struct{}
}

type reader struct {
	of   *paper
	post chan news
}

func (p *paper) Subscribe() *reader {
	r := &reader{of: p, post: make(chan news)}
	p.mu.Lock()
	p.readers[r] = struct{}{}
	p.mu.Unlock()
	return r
}

func (p *paper) Publish(n news) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	for r := range p.readers {
		r.post <- n // want `send on r.post blocks forever if who should receive calls reader.Cancel \(line 38\), which waits for p.mu, held since line 26; send when it is unlocked`
	}
}

func (r *reader) Post() <-chan news { return r.post }

func (r *reader) Cancel() {
	r.of.mu.Lock()
	defer r.of.mu.Unlock()
	delete(r.of.readers, r)
}

type wire struct {
	mu   sync.Mutex
	ends map[string]map[int]chan news
}

func (w *wire) Send(topic string, n news) {
	w.mu.Lock()
	for _, end := range w.ends[topic] {
		end <- n // want `send on end blocks forever if who should receive calls wire.Leave \(line 68\), which waits for w.mu, held since line 47`
	}
	w.mu.Unlock()
}

func (w *wire) Join(topic string, id int) <-chan news {
	end := make(chan news)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ends[topic] == nil {
		w.ends[topic] = make(map[int]chan news)
	}
	w.ends[topic][id] = end
	return end
}

func (w *wire) Leave(topic string, id int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.ends[topic], id)
}
