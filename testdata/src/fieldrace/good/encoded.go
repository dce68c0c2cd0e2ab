package good

import (
	"encoding/json"
	"net/http"
	"sync"
)

type figures struct {
	Added int            `json:"added"`
	Why   map[string]int `json:"why"`
}

// Board encodes a part of itself under the lock.
type Board struct {
	mu      sync.Mutex
	figures figures
}

func (b *Board) Add(why string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.figures.Added++
	b.figures.Why[why]++
}

func (b *Board) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.figures = figures{Why: make(map[string]int)}
}

func (b *Board) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.Method == http.MethodDelete {
		b.Reset()
		return
	}
	b.mu.Lock()
	data, err := json.Marshal(&b.figures)
	b.mu.Unlock()
	if err == nil {
		w.Write(data)
	}
}
