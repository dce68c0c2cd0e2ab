package good

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
)

func sharedBuffer(items []string) string {
	var buf bytes.Buffer
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, item := range items {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			buf.WriteString(item)
		})
	}
	wg.Wait()
	return buf.String()
}

func sharedPrint(items []string) string {
	out := make([]strings.Builder, len(items))
	var wg sync.WaitGroup
	for i, item := range items {
		wg.Go(func() {
			own := new(strings.Builder)
			fmt.Fprintf(own, "%s\n", item)
			fmt.Fprintf(&out[i], "%s\n", own)
		})
	}
	wg.Wait()
	return out[0].String()
}

func readWhileCopying(r io.Reader) string {
	var buf bytes.Buffer
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf.ReadFrom(r)
	}()
	<-done
	return buf.String()
}

// Reading is not writing.
func readByAll(items []string) (n int) {
	var buf bytes.Buffer
	buf.WriteString("text")
	var wg sync.WaitGroup
	for range items {
		wg.Go(func() { _ = buf.String() })
	}
	n = buf.Len()
	wg.Wait()
	return n
}

func flushWhileWriting(w io.Writer, items []string) {
	out := bufio.NewWriter(w)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, item := range items {
			out.WriteString(item)
		}
	}()
	<-done
	out.Flush()
}

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

// A helper that starts one goroutine after the other.
func oneByOne(items []string, f func(string) error) {
	for _, item := range items {
		done := make(chan struct{})
		go func() {
			defer close(done)
			f(item)
		}()
		<-done
	}
}

// A helper that lets in one at a time.
func underLock(items []string, f func(string) error) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	for _, item := range items {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			f(item)
		})
	}
	wg.Wait()
}

// A helper whose goroutines pass a token on.
func byToken(items []string, f func(string) error) {
	var wg sync.WaitGroup
	token := make(chan struct{}, 1)
	for _, item := range items {
		wg.Go(func() {
			token <- struct{}{}
			f(item)
			<-token
		})
	}
	wg.Wait()
}

func setByAll(items []string) (string, error) {
	class := ""
	var mu sync.Mutex
	err := forEach(items, func(item string) error {
		mu.Lock()
		defer mu.Unlock()
		if class == "" {
			class = "standard of " + item
		}
		return nil
	})
	set := func(item string) error {
		class = item
		return nil
	}
	oneByOne(items, set)
	underLock(items, set)
	byToken(items, set)
	return class, err
}

func countInOne(items []string) int {
	counts := make([]int, len(items))
	var wg sync.WaitGroup
	for i := range items {
		wg.Go(func() {
			counts[i]++
		})
	}
	wg.Wait()
	sides := make([]int, 2)
	wg.Go(func() { sides[0]++ })
	wg.Go(func() { sides[1]++ })
	wg.Wait()
	return sides[0] + sides[1]
}
