package good

import (
	"maps"
	"sort"
	"sync"
)

// Team lies with its league; the copies that Standings makes have Points of their own.
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
		c.Points = maps.Clone(t.Points)
		out = append(out, c)
	}
	sort.Slice(out, func(a, b int) bool { return out[a].Rank < out[b].Rank })
	return out
}

func (l *League) Total() (n int) {
	for _, t := range l.standings() {
		for _, p := range t.Points {
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
	c := *t
	c.Points = maps.Clone(t.Points)
	return c, true
}

func (l *League) Won(name, match string) bool {
	t, ok := l.one(name)
	return ok && t.Points[match] > 2
}

// A chart is given a new map for each change, so copies can share it.
type chart struct{ marks map[string]int }

type atlas struct {
	mu     sync.Mutex
	charts map[string]*chart
}

func (a *atlas) Mark(name, place string, n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.charts[name]
	next := maps.Clone(c.marks)
	next[place] = n
	c.marks = next
}

func (a *atlas) chart(name string) chart {
	a.mu.Lock()
	defer a.mu.Unlock()
	return *a.charts[name]
}

func (a *atlas) At(name, place string) int { return a.chart(name).marks[place] }
