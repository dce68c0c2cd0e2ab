package bad

import "sync"

// What is looked up is a map that others write to in its place.
type grants struct {
	mu     sync.RWMutex
	tokens map[string]map[string]int
}

func newGrants() *grants { return &grants{tokens: make(map[string]map[string]int)} }

func (g *grants) Grant(token, name string, level int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	of, ok := g.tokens[token]
	if !ok {
		of = make(map[string]int)
		g.tokens[token] = of
	}
	of[name] = level
}

func (g *grants) Revoke(token, name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.tokens[token], name)
}

func (g *grants) Highest(token string) (max int) {
	g.mu.RLock()
	of := g.tokens[token]
	g.mu.RUnlock()
	for _, level := range of { // want `the map taken from g.tokens on line 32 is used past the unlock, which races with the write on line 21, under g.mu; copy it first`
		if level > max {
			max = level
		}
	}
	return max
}

func (g *grants) of(token string) map[string]int {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.tokens[token]
}

func (g *grants) Allows(token, name string) bool {
	return g.of(token)[name] > 0 // want `the map taken from g.tokens on line 45 is used past the unlock, which races with the write on line 21, under g.mu; copy it first`
}

func (g *grants) Of(token string) map[string]int {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.tokens[token] // want `returning an entry of g.tokens hands out the map itself: its reader races with the write on line 21, under g.mu; return a copy`
}
