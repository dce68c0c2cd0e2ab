package bad

import (
	"sort"
	"sync"
)

// Team lies with its league; the copies that Standings makes share Points with it.
type Team struct {
	Name   string
	Rank   int
	Points map[string]int
}

type League struct {
	mu    sync.Mutex
	teams map[string]*Team
}

func (l *League) team(name string) *Team {
	t, ok := l.teams[name]
	if !ok {
		t = &Team{Name: name, Points: make(map[string]int)}
		l.teams[name] = t
	}
	return t
}

func (l *League) Score(name, match string, points int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.team(name).Points[match] += points
}

func (l *League) standings() []Team {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]Team, 0, len(l.teams))
	for _, t := range l.teams {
		c := *t
		out = append(out, c)
	}
	sort.Slice(out, func(a, b int) bool { return out[a].Rank < out[b].Rank })
	return out
}

func (l *League) Total() (n int) {
	for _, t := range l.standings() {
		for _, p := range t.Points { // want `the map taken from .*Points on line \d+ is used past the unlock, which races with the write on line \d+, under League.mu; copy it first`
			n += p
		}
	}
	return n
}

func (l *League) one(name string) (Team, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t, ok := l.teams[name]
	if !ok {
		return Team{}, false
	}
	return *t, true
}

func (l *League) Won(name, match string) bool {
	t, ok := l.one(name)
	return ok && t.Points[match] > 2 // want `the map taken from .*Points on line \d+ is used past the unlock, which races with the write on line \d+, under League.mu; copy it first`
}
