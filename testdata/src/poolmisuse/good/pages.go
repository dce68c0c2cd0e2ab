package good

import "sync"

type page struct{ buf []byte }

var pages = sync.Pool{New: func() any { return new(page) }}

func loadPage(n int) *page {
	if n < 0 {
		return nil
	}
	return pages.Get().(*page)
}

// What reload puts, it replaces.
func readPages(n int, read func(*page) bool) error {
	b := loadPage(n)
	defer func() {
		if b != nil {
			pages.Put(b)
		}
	}()
	reload := func() bool {
		pages.Put(b)
		n++
		b = loadPage(n)
		return b != nil
	}
	for read(b) {
		if !reload() {
			return nil
		}
	}
	return nil
}

// It is put on an error, or at the end.
func fillPage(read func(*page) error) (err error) {
	b := loadPage(0)
	defer func() {
		if err != nil {
			pages.Put(b)
		}
	}()
	if err = read(b); err != nil {
		return err
	}
	pages.Put(b)
	return nil
}

// Either the goroutine has it or the function.
func servePage(hijack func(*page)) {
	b := loadPage(0)
	if hijack != nil {
		go hijack(b)
	}
	if hijack == nil {
		pages.Put(b)
	}
}

type typed[T any] struct{ pool sync.Pool }

func newTyped[T any](make func() *T) *typed[T] {
	return &typed[T]{pool: sync.Pool{New: func() any { return make() }}}
}

func (t *typed[T]) get() *T { return t.pool.Get().(*T) }
