package bad

import (
	"context"
	"io"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// Runs are the scenarios that can be run.
var Runs = map[string]func(){
	"sharedErr": func() { sharedErr(some) },
	"showAll": func() {
		h := servePinned("a\nb\nc")
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/all", nil)) })
		}
		wg.Wait()
	},
	"sharedBase":          func() { sharedBase([]string{"-a", "-b", "-c", "d"}, func(string) {}) },
	"sharedCounter":       func() { sharedCounter(some) },
	"sharedAppend":        func() { sharedAppend(some) },
	"ownLock":             func() { ownLock(some) },
	"readLock":            func() { readLock(some) },
	"wideSemaphore":       func() { wideSemaphore(some) },
	"sharedHelper":        func() { sharedHelper([]int{-1, -2, -3}) },
	"sharedStruct":        func() { sharedStruct(some) },
	"resultBeforeWait":    func() { resultBeforeWait(1) },
	"timeoutReturnsErr":   func() { timeoutReturnsErr(cancelled(), 1) },
	"doneTooEarly":        func() { doneTooEarly(1) },
	"polledFlag":          func() { polledFlag(1) },
	"namedResult":         func() { namedResult(1) },
	"reusedErr":           func() { reusedErr(1) },
	"reassignedLater":     func() { reassignedLater([]string{"a", "b"}) },
	"readAfterUnlock":     func() { readAfterUnlock(9) },
	"sleepAndRead":        func() { sleepAndRead(1) },
	"timerSets":           func() { timerSets(9) },
	"twoWriters":          func() { twoWriters(1) },
	"writerAndReader":     func() { writerAndReader(1) },
	"oneLocks":            func() { oneLocks(1) },
	"startedByMethod":     func() { startedByMethod(some) },
	"sharedByAddress":     func() { sharedByAddress(some) },
	"loopVariableAddress": func() { loopVariableAddress(make([]item, 9)) },
	"loopVariable":        func() { loopVariable(some) },
	"sharedBuffer":        func() { sharedBuffer(words) },
	"sharedPrint":         func() { sharedPrint(words) },
	"readWhileCopying":    func() { readWhileCopying(strings.NewReader("text")) },
	"flushWhileWriting":   func() { flushWhileWriting(io.Discard, words) },
	"lineLengths":         func() { lineLengths(strings.NewReader("text\nand\nmore\nthan\nthat\n")) },
	"countInOne":          func() { countInOne(words) },
	"setByAll":            func() { setByAll(words) },
	"readWithin": func() {
		d := &disk{2 * time.Millisecond}
		d.readWithin(time.Millisecond)
		time.Sleep(5 * time.Millisecond)
	},
	"readUntil": func() { d := &disk{2 * time.Millisecond}; d.readUntil(cancelled()); time.Sleep(5 * time.Millisecond) },
	"numbered": func() {
		h := numbered()
		for range 20 {
			go h(httptest.NewRecorder(), nil)
		}
		time.Sleep(20 * time.Millisecond)
	},
	"shardCounts": func() {
		one := func() int { time.Sleep(time.Millisecond); return 1 }
		shardCounts([]func() int{one, one, one})
	},
	"resetWhileSumming": func() { resetWhileSumming(10) },
}

var (
	some  = []int{1, 2, 3, 4, 5, 6, 7, 8}
	words = []string{"a", "b", "c", "d", "e", "f"}
)

func cancelled() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Nanosecond)
	time.AfterFunc(time.Second, cancel)
	return ctx
}
