package bad

import "sync"

// The map and its lock are a part of the pool.
type poolState struct {
	byName map[string]int
	sync.RWMutex
}

type statePool struct{ st poolState }

func newStatePool() *statePool { return &statePool{st: poolState{byName: make(map[string]int)}} }

func (p *statePool) Delete(name string) {
	p.st.Lock()
	defer p.st.Unlock()
	delete(p.st.byName, name)
}

func (p *statePool) Set(name string, n int) {
	p.st.Lock()
	defer p.st.Unlock()
	p.st.byName[name] = n
}

func (p *statePool) Get(name string) int {
	p.st.RLock()
	defer p.st.RUnlock()
	return p.st.byName[name]
}

func (p *statePool) Load(names []string) {
	for i, name := range names {
		p.st.byName[name] = i // want `write to p.st.byName without p.st.RWMutex races with the write on line 18: 3 of 4 accesses hold RWMutex; lock it here too`
	}
}
