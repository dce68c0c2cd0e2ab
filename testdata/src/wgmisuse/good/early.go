package good

import (
	"archive/tar"
	"context"
	"fmt"
	"io"
	"sync"
)

// unpack waits in any case.
func unpack(r *tar.Reader, store func(name string, data []byte)) error {
	var wg sync.WaitGroup
	for {
		head, err := r.Next()
		switch {
		case err == io.EOF:
			wg.Wait()
			return nil
		case err != nil:
			wg.Wait()
			return fmt.Errorf("archive: %w", err)
		}
		data := make([]byte, head.Size)
		if _, err := io.ReadFull(r, data); err != nil {
			wg.Wait()
			return err
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			store(head.Name, data)
		}()
	}
}

// copyAll looks for all errors before it starts anything.
func copyAll(names []string, open func(string) (io.ReadCloser, error), size func(string) (int, error), send func(io.Reader, int)) error {
	var wg sync.WaitGroup
	if _, err := size(""); err != nil {
		return err
	}
	for _, name := range names {
		n, err := size(name)
		if err != nil {
			wg.Wait()
			return err
		}
		f, err := open(name)
		if err != nil {
			wg.Wait()
			return err
		}
		wg.Go(func() {
			defer f.Close()
			send(f, n)
		})
	}
	wg.Wait()
	return nil
}

// failFast gives up as soon as a goroutine has failed, or when it is told to.
func failFast(ctx context.Context, names []string, size func(string) (int, error), send func(int) error) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		mu.Lock()
		err := failed
		mu.Unlock()
		if err != nil {
			return err
		}
		n, err := size(name)
		if err != nil {
			wg.Wait()
			return err
		}
		wg.Go(func() {
			if err := send(n); err != nil {
				mu.Lock()
				failed = err
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return failed
}

// neverOnError leaves the goroutines to themselves whenever something fails.
func neverOnError(names []string, size func(string) (int, error), open func(string) (io.Reader, error), send func(io.Reader, int)) error {
	var wg sync.WaitGroup
	for _, name := range names {
		n, err := size(name)
		if err != nil {
			return err
		}
		f, err := open(name)
		if err != nil {
			return err
		}
		wg.Go(func() { send(f, n) })
	}
	wg.Wait()
	return nil
}

// waitsLater looks at an error when all have come back.
func waitsLater(names []string, size func(string) (int, error), finish func() error, send func(int)) error {
	var wg sync.WaitGroup
	for _, name := range names {
		n, err := size(name)
		if err != nil {
			wg.Wait()
			return err
		}
		wg.Go(func() { send(n) })
	}
	wg.Wait()
	if err := finish(); err != nil {
		return err
	}
	return nil
}

// importAll has received from each of the goroutines, which do nothing after that.
func importAll(list []int, put func(int) error, flush func() error) error {
	var wg sync.WaitGroup
	results := make(chan error)
	if err := flush(); err != nil {
		wg.Wait()
		return err
	}
	for _, v := range list {
		wg.Go(func() { results <- put(v) })
	}
	var failed error
	for range list {
		if err := <-results; err != nil {
			failed = err
		}
	}
	if err := flush(); err != nil {
		return err
	}
	wg.Wait()
	return failed
}
