package bad

import (
	"archive/tar"
	"fmt"
	"io"
	"sync"
)

// unpack waits when the archive is damaged, and does not when a file in it is.
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
			return err // want `the goroutine \(line \d+\) can outlive the function by this return: the one on line \d+ waits for it before it gives its error; call wg\.Wait here, too`
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			store(head.Name, data)
		}()
	}
}

// copyAll forgets one of two errors.
func copyAll(names []string, open func(string) (io.ReadCloser, error), size func(string) (int, error), send func(io.Reader, int)) error {
	var wg sync.WaitGroup
	for _, name := range names {
		n, err := size(name)
		if err != nil {
			wg.Wait()
			return err
		}
		f, err := open(name)
		if err != nil {
			return err // want `the goroutine \(line \d+\) can outlive the function by this return`
		}
		wg.Go(func() {
			defer f.Close()
			send(f, n)
		})
	}
	wg.Wait()
	return nil
}
