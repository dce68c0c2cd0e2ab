package good

import (
	"maps"
	"sync"
)

// What is handed out is a copy.
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
	defer g.mu.RUnlock()
	for _, level := range g.tokens[token] {
		if level > max {
			max = level
		}
	}
	return max
}

func (g *grants) Of(token string) map[string]int {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return maps.Clone(g.tokens[token])
}

// Who takes it away has it for himself.
func (g *grants) Drop(token string) (n int) {
	g.mu.Lock()
	of := g.tokens[token]
	delete(g.tokens, token)
	g.mu.Unlock()
	for _, level := range of {
		n += level
	}
	return n
}

// A helper is called under the lock.
func (g *grants) of(token string) map[string]int { return g.tokens[token] }

func (g *grants) Allows(token, name string) bool {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.of(token)[name] > 0
}

// What is written is a copy, which is put in the place of the other one.
type siteSettings struct {
	mu    sync.Mutex
	sites map[string]map[string]string
}

func (s *siteSettings) Set(site, key, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := maps.Clone(s.sites[site])
	if next == nil {
		next = make(map[string]string)
	}
	next[key] = value
	s.sites[site] = next
}

func (s *siteSettings) Make() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sites = make(map[string]map[string]string)
}

func (s *siteSettings) Site(site string) map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sites[site]
}
