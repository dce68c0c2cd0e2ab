package good

import (
	"sync"
	"sync/atomic"
)

// A pointer to each may be copied.
type kinds struct {
	mutex   sync.Mutex
	rw      sync.RWMutex
	group   sync.WaitGroup
	once    sync.Once
	cond    sync.Cond
	pool    sync.Pool
	stored  sync.Map
	flag    atomic.Bool
	small   atomic.Int32
	big     atomic.Int64
	word    atomic.Uint32
	long    atomic.Uint64
	address atomic.Uintptr
	pointer atomic.Pointer[int]
	value   atomic.Value
	own     lockable
	array   [2]sync.Mutex
}

func copyEach(k *kinds) {
	mutex := &k.mutex
	rw := &k.rw
	group := &k.group
	once := &k.once
	cond := &k.cond
	pool := &k.pool
	stored := &k.stored
	flag := &k.flag
	small := &k.small
	big := &k.big
	word := &k.word
	long := &k.long
	address := &k.address
	pointer := &k.pointer
	value := &k.value
	own := &k.own
	array := &k.array
	use(mutex, rw, group, once, cond, pool, stored, flag, small, big, word, long, address, pointer, value, own, array)
}

func use(...any) {}
