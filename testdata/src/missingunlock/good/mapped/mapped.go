// Package mapped hands out the release of a lock that a helper took of an element.
package mapped

import (
	"errors"
	"sync"
)

type file struct {
	lock sync.RWMutex
	data []byte
}

func (f *file) read() ([]byte, error) {
	if len(f.data) == 0 {
		return nil, errors.New("x")
	}
	return f.data, nil
}

type vlog struct {
	mu    sync.RWMutex
	files map[int]*file
	mmap  bool
}

func (v *vlog) locked(id int) (*file, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	f, ok := v.files[id]
	if !ok {
		return nil, errors.New("y")
	}
	f.lock.RLock()
	return f, nil
}

func (v *vlog) readBytes(id int) ([]byte, func(), error) {
	f, err := v.locked(id)
	if err != nil {
		return nil, nil, err
	}
	buf, err := f.read()
	if v.mmap {
		return buf, f.lock.RUnlock, err
	}
	f.lock.RUnlock()
	return buf, nil, err
}
func (v *vlog) Read(id int) ([]byte, func(), error) {
	return v.readBytes(id)
}
