package good

import "sync"

// The Cond waits with the read side of the lock.
type noticeBoard struct {
	mu     sync.RWMutex
	posted *sync.Cond
	notes  map[string]string
}

func newNoticeBoard() *noticeBoard {
	b := &noticeBoard{notes: make(map[string]string)}
	b.posted = sync.NewCond(b.mu.RLocker())
	return b
}

func (b *noticeBoard) post(key, text string) {
	b.mu.Lock()
	b.notes[key] = text
	b.mu.Unlock()
	b.posted.Broadcast()
}

func (b *noticeBoard) await(key string) string {
	b.posted.L.Lock()
	defer b.posted.L.Unlock()
	for {
		if text, ok := b.notes[key]; ok {
			return text
		}
		b.posted.Wait()
	}
}

func relay() (out [2]string) {
	b := newNoticeBoard()
	var wg sync.WaitGroup
	for i := range out {
		wg.Go(func() { out[i] = b.await("x") })
	}
	wg.Go(func() { b.post("x", "1") })
	wg.Wait()
	return out
}
