package good

import (
	"sort"
	"sync"
)

// guest is rated under another lock than the one of the list that it is in.
type guest struct {
	name  string
	stars int
}

type inn struct {
	listMu sync.RWMutex // guards guests and barred
	guests map[string]*guest
	barred map[string]bool

	starMu sync.Mutex // guards guest.stars
}

func (i *inn) Enter(name string) {
	i.listMu.Lock()
	defer i.listMu.Unlock()
	if i.guests[name] == nil {
		i.guests[name] = &guest{name: name}
	}
}

func (i *inn) guest(name string) *guest {
	i.listMu.RLock()
	defer i.listMu.RUnlock()
	return i.guests[name]
}

func (i *inn) Rate(name string, by int) {
	g := i.guest(name)
	if g == nil {
		return
	}
	i.starMu.Lock()
	g.stars += by
	i.starMu.Unlock()
}

func (i *inn) Stars(name string) int {
	g := i.guest(name)
	if g == nil {
		return 0
	}
	i.starMu.Lock()
	defer i.starMu.Unlock()
	return g.stars
}

func (i *inn) Best() []*guest {
	i.listMu.RLock()
	all := make([]*guest, 0, len(i.guests))
	for _, g := range i.guests {
		all = append(all, g)
	}
	i.listMu.RUnlock()
	i.starMu.Lock()
	defer i.starMu.Unlock()
	sort.Slice(all, func(a, b int) bool { return all[a].stars > all[b].stars })
	return all
}

func (i *inn) Clear(least int) (n int) {
	i.listMu.Lock()
	defer i.listMu.Unlock()
	i.starMu.Lock()
	defer i.starMu.Unlock()
	for name, g := range i.guests {
		if g.stars < least {
			i.barred[name] = true
			delete(i.guests, name)
			n++
		}
	}
	return n
}

// parcel is weighed under both locks, so one of them is enough to read.
type parcel struct{ grams int }

type parcels struct {
	listMu  sync.Mutex
	weighMu sync.Mutex
	parcels map[string]*parcel
}

func (s *parcels) Weigh(name string, grams int) {
	s.listMu.Lock()
	defer s.listMu.Unlock()
	s.weighMu.Lock()
	defer s.weighMu.Unlock()
	s.parcels[name].grams = grams
}

func (s *parcels) parcel(name string) *parcel {
	s.listMu.Lock()
	defer s.listMu.Unlock()
	return s.parcels[name]
}

func (s *parcels) Grams(name string) int {
	p := s.parcel(name)
	s.weighMu.Lock()
	defer s.weighMu.Unlock()
	return p.grams
}

func (s *parcels) Sum() (n int) {
	s.listMu.Lock()
	defer s.listMu.Unlock()
	for _, p := range s.parcels {
		n += p.grams
	}
	return n
}
