// Package needlessnew finds locks that are made although they are ready as
// declared.
//
// # Analyzer needlessnew
//
// needlessnew: find mutexes, WaitGroups and the like that are made where a declaration would do
//
// The zero value of a Mutex, RWMutex, WaitGroup, Once, Map or atomic is ready for
// use. Making one with new, or giving a field its zero value, says the same with
// more words, and a pointer can be nil where a value cannot.
//
//	mu := new(sync.Mutex)
//	wg := &sync.WaitGroup{}
//
// Declare it:
//
//	var mu sync.Mutex
//	var wg sync.WaitGroup
//
// This is advice, and off by default: nothing goes wrong at run time.
//
// # variable
//
// A variable is set to a new value, or to the zero value, and then only its
// methods are called.
//
// # field
//
// A composite literal sets a field to the zero value that it has anyway.
//
//	return &cache{mu: sync.Mutex{}, m: make(map[string]int)}
//
// # Limits
//
// A pointer that is handed on or stored is left alone: it may be shared on
// purpose. So are pointer fields, which are for zerovalue to look at.
package needlessnew
