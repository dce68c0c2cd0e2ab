package bad

import (
	"sync"
	"sync/atomic"
)

// What happens to the two differs, but nothing good.
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
	mutex := k.mutex     // want `assignment copies k.mutex \(sync.Mutex\) into mutex: the two do not exclude each other; assign a pointer`
	rw := k.rw           // want `assignment copies k.rw \(sync.RWMutex\) into rw: the two do not exclude each other; .*`
	group := k.group     // want `assignment copies k.group \(sync.WaitGroup\) into group: Wait on one misses Done on the other; .*`
	once := k.once       // want `assignment copies k.once \(sync.Once\) into once: each runs its function if copied before Do; .*`
	cond := k.cond       // want `assignment copies k.cond \(sync.Cond\) into cond: Wait panics on a copy of a used Cond; .*`
	pool := k.pool       // want `assignment copies k.pool \(sync.Pool\) into pool: the garbage collector never empties a copy of a used Pool; .*`
	stored := k.stored   // want `assignment copies k.stored \(sync.Map\) into stored: a store to one is missing in the other if copied before any; .*`
	flag := k.flag       // want `assignment copies k.flag \(atomic.Bool\) into flag: the copy reads it without Load, and misses later stores; .*`
	small := k.small     // want `assignment copies k.small \(atomic.Int32\) .*`
	big := k.big         // want `assignment copies k.big \(atomic.Int64\) .*`
	word := k.word       // want `assignment copies k.word \(atomic.Uint32\) .*`
	long := k.long       // want `assignment copies k.long \(atomic.Uint64\) .*`
	address := k.address // want `assignment copies k.address \(atomic.Uintptr\) .*`
	pointer := k.pointer // want `assignment copies k.pointer \(atomic.Pointer\[int\]\) .*`
	value := k.value     // want `assignment copies k.value \(atomic.Value\) .*`
	own := k.own         // want `assignment copies k.own \(lockable\) into own: the two do not exclude each other; .*`
	array := k.array     // want `assignment copies k.array\[i\] \(sync.Mutex\) into array: .*`
	use(&mutex, &rw, &group, &once, &cond, &pool, &stored, &flag, &small, &big, &word, &long, &address, &pointer, &value, &own, &array)
}

func use(...any) {}
