package bad

import (
	"encoding/json"
	"net/http"
	"sync"
)

type figures struct {
	Added int            `json:"added"`
	Why   map[string]int `json:"why"`
}

// Board encodes a part of itself, which its methods write under the lock.
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
	data, err := json.Marshal(&b.figures) // want `read of b\.figures by Marshal without b\.mu races with the write on line 30: 3 of 4 accesses hold mu; lock it here too`
	if err == nil {
		w.Write(data)
	}
}
