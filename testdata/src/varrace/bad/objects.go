package bad

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
)

// Several goroutines write to one bytes.Buffer.
func sharedBuffer(items []string) string {
	var buf bytes.Buffer
	var wg sync.WaitGroup
	for _, item := range items {
		wg.Go(func() {
			buf.WriteString(item) // want `write of buf by WriteString races with itself: line 17 starts a goroutine in each turn of the loop; guard both by a mutex`
		})
	}
	wg.Wait()
	return buf.String()
}

// So does fmt.Fprintf.
func sharedPrint(items []string) string {
	out := new(strings.Builder)
	var wg sync.WaitGroup
	for _, item := range items {
		wg.Go(func() {
			fmt.Fprintf(out, "%s\n", item) // want `write of out by Fprintf races with itself: line 30 starts a goroutine in each turn of the loop; guard both by a mutex`
		})
	}
	wg.Wait()
	return out.String()
}

// The text is read while the goroutine can still copy.
func readWhileCopying(r io.Reader) string {
	var buf bytes.Buffer
	go io.Copy(&buf, strings.NewReader("unseen"))
	go func() {
		buf.ReadFrom(r) // want `write of buf by ReadFrom races with the read by String on line 45: nothing on the way there waits for the goroutine of line 42; wait for it first`
	}()
	return buf.String()
}

// Flush writes out what others are still adding to.
func flushWhileWriting(w io.Writer, items []string) {
	out := bufio.NewWriter(w)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, item := range items {
			out.WriteString(item) // want `write of out by WriteString races with the write by Flush on line 58: nothing on the way there waits for the goroutine of line 52; guard both by a mutex`
		}
	}()
	out.Flush()
	<-done
}

// A helper that runs its function for each item at a time, and waits for all.
func forEach(items []string, f func(string) error) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for _, item := range items {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := f(item); err != nil {
				mu.Lock()
				failed = err
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	return failed
}

// The function that it is given sets what it has captured.
func setByAll(items []string) (string, error) {
	class := ""
	err := forEach(items, func(item string) error {
		if class == "" {
			class = "standard of " + item // want `write of class races with itself: the call on line 85 runs it in several goroutines; guard both by a mutex`
		}
		return nil
	})
	return class, err
}

// All goroutines count in one element.
func countInOne(items []string) int {
	counts := make([]int, 2)
	var wg sync.WaitGroup
	for range items {
		wg.Go(func() {
			counts[0]++ // want `write of counts\[0\] races with itself: line 99 starts a goroutine in each turn of the loop; guard both by a mutex`
		})
	}
	wg.Wait()
	return counts[0]
}
