// Package ops is the vocabulary of the engine: which call is which concurrency
// operation, on which operand. It is one table. No check names a function of
// package sync, context or time itself: it asks for the [Kind] of a call.
//
// The standard library is not analysed for its concurrency; what matters of it
// to callers stands here: what blocks, what never returns, and what becomes of
// a function that is handed over.
package ops

import (
	"go/types"
	"strings"
)

// A Kind is the meaning of a call.
type Kind uint8

// The kinds. Operations that Go spells with syntax (send, receive, select,
// close, go, defer) are not calls and have kinds of their own in the skeleton.
const (
	None Kind = iota

	Lock     // of a Mutex, RWMutex or Locker, exclusive
	RLock    // shared
	Unlock   // exclusive
	RUnlock  // shared
	TryLock  // exclusive, tells whether it did
	TryRLock // shared, tells whether it did
	RLocker  // the Locker whose Lock is RLock

	WgAdd
	WgDone
	WgWait
	WgGo // Add, and a goroutine that calls Done

	NewCond
	CondWait // releases the Cond's Locker while it waits
	CondSignal
	CondBroadcast

	OnceDo   // runs its argument once; others wait for that
	OnceFunc // returns a function that runs its argument once

	PoolGet
	PoolPut

	MapLoad   // sync.Map, reading
	MapStore  // sync.Map, writing
	MapUpdate // sync.Map, reading and writing in one step
	MapRange  // sync.Map, runs its argument for each entry

	AtomicLoad
	AtomicStore
	AtomicUpdate // Add, Swap, CompareAndSwap, And, Or

	CtxRoot        // Background, TODO
	CtxWithCancel  // result 1 cancels result 0
	CtxWithTimeout // likewise, and time does
	CtxWithValue   // result is done when the argument is
	CtxDetach      // WithoutCancel
	CtxDone        // the channel that is closed when the context is done
	CtxErr         // nil until the context is done
	CtxAfterFunc   // runs its argument in a goroutine when the context is done

	Sleep
	After     // a channel that receives once
	Tick      // a channel that receives for ever
	NewTimer  // a timer with such a channel
	NewTicker // a ticker with such a channel
	AfterFunc // runs its argument in a goroutine, later
	TimerStop
	TimerReset

	GroupWithContext // errgroup
	GroupGo
	GroupTryGo
	GroupWait
	GroupSetLimit

	NewSemaphore // x/sync/semaphore
	SemAcquire
	SemTryAcquire
	SemRelease

	FlightDo     // singleflight: runs its argument, others wait for the result
	FlightDoChan // runs its argument in a goroutine

	SignalNotify        // sends on the channel, never blocking
	SignalNotifyContext // a context that a signal cancels
	SignalStop

	TestFatal    // FailNow, Fatal, Skip: ends the goroutine, allowed in the test's own only
	TestLog      // Log, Error: panics after the test has ended
	TestParallel // pauses the test until its parent has run
	TestRun      // runs its argument in a goroutine and waits, unless that pauses
	TestCleanup  // runs its argument when the test has ended
	TestSetenv   // not with TestParallel
	BubbleWait   // synctest: waits until all other goroutines are blocked

	Exit   // ends the process
	Goexit // ends the goroutine, running deferred calls
	Panic  // panics

	RunsNow   // runs its function argument, perhaps often, before it returns
	RunsLater // keeps its function argument and runs it some time, in any goroutine

	Blocking // may wait for the outside: network, files, processes, input
)

// An Op is what a call means.
type Op struct {
	Kind Kind
	// Func is the index, not counting a receiver, of the argument that is a
	// function which the call runs; -1 when there is none.
	Func int
	// Many says that the function can be run by several goroutines at a time.
	Many bool
	// External says that the operation may wait for something outside the
	// program: another process, a peer, a clock.
	External bool
	// Format says that the call formats its variadic arguments and calls
	// their String or Error methods for that.
	Format bool
	// View says that the call returns a slice of memory that belongs to the
	// receiver.
	View bool
	// Yields says that the call lets other goroutines run, and does nothing else.
	Yields bool
	// NonNil says that the call's only result is never nil.
	NonNil bool
}

// Of returns what a call of fn means. Kind is None when it is nothing that the
// engine knows: any function outside the table, and that is most.
func Of(fn *types.Func) Op {
	if fn == nil || fn.Pkg() == nil {
		return Op{Func: -1}
	}
	methods, ok := table[pkgPath(fn.Pkg())]
	if !ok {
		return ofInterface(fn)
	}
	fn = fn.Origin()
	name := fn.Name()
	if recv := fn.Signature().Recv(); recv != nil {
		name = typeName(recv.Type()) + "." + name
	}
	op, ok := methods[name]
	if !ok {
		return Op{Func: -1}
	}
	return op
}

// lockMethods are what an interface has that stands for a lock.
var lockMethods = map[string]Kind{
	"Lock": Lock, "Unlock": Unlock, "RLock": RLock, "RUnlock": RUnlock, "TryLock": TryLock, "TryRLock": TryRLock,
}

// ofInterface returns what a method of a project's own interface means that is that
// of a lock or of a group: it has the methods of one and no others.
//
// A Fatalf of one ends the process, as that of a logger does, or the test.
func ofInterface(fn *types.Func) Op {
	switch fn.Name() {
	case "Fatal", "Fatalf", "Fatalln", "FailNow":
		if sig := fn.Signature(); sig.Recv() != nil && types.IsInterface(sig.Recv().Type()) && sig.Results().Len() == 0 {
			return do(Exit)
		}
	}
	if k, ok := lockMethods[fn.Name()]; ok {
		if recv := fn.Signature().Recv(); recv != nil && locker(recv.Type()) {
			return do(k)
		}
	}
	if k, ok := groupMethods[fn.Name()]; ok {
		if recv := fn.Signature().Recv(); recv != nil && isGroupInterface(recv.Type()) {
			return do(k)
		}
	}
	return Op{Func: -1}
}

// groupMethods are what an interface has that stands for a WaitGroup.
var groupMethods = map[string]Kind{"Add": WgAdd, "Done": WgDone, "Wait": WgWait}

// isGroupInterface reports whether t is an interface with the methods of a WaitGroup that all
// versions of Go have, Add(int), Done() and Wait(), and no others.
func isGroupInterface(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	if !ok || i.NumMethods() != len(groupMethods) {
		return false
	}
	for m := range i.Methods() {
		params := m.Signature().Params()
		switch groupMethods[m.Name()] {
		case None:
			return false
		case WgAdd:
			if params.Len() != 1 || !types.Identical(params.At(0).Type(), types.Typ[types.Int]) {
				return false
			}
		default:
			if params.Len() != 0 {
				return false
			}
		}
		if m.Signature().Results().Len() != 0 {
			return false
		}
	}
	return true
}

// locker reports whether t is an interface with the methods of a lock, Lock and
// Unlock among them, and no others.
func locker(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	if !ok || i.NumMethods() < 2 || i.NumMethods() > len(lockMethods) {
		return false
	}
	found := 0
	for m := range i.Methods() {
		if m.Name() == "Lock" || m.Name() == "Unlock" {
			found++
		}
		results := 0
		switch lockMethods[m.Name()] {
		case None:
			return false
		case TryLock, TryRLock:
			results = 1
		}
		if m.Signature().Params().Len() != 0 || m.Signature().Results().Len() != results {
			return false
		}
	}
	return found == 2
}

// EndsTest reports whether fn is a method by which a test ends itself: of the
// types of package testing, or of an interface that they implement.
func EndsTest(fn *types.Func) bool {
	if fn == nil || fn.Signature().Recv() == nil {
		return false
	}
	if Of(fn).Kind == TestFatal {
		return true
	}
	return types.IsInterface(fn.Signature().Recv().Type()) && table["testing"]["T."+fn.Name()].Kind == TestFatal
}

// CanEndTest reports whether values of the type have such a method.
func CanEndTest(t types.Type) bool {
	if t == nil {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "FailNow")
	fn, ok := obj.(*types.Func)
	return ok && EndsTest(fn)
}

// IsTest reports whether t is a pointer to testing.T, B or F.
func IsTest(t types.Type) bool {
	return isNamed(t, "testing", "T") || isNamed(t, "testing", "B") || isNamed(t, "testing", "F")
}

// Concerns reports whether who imports the package can have to do with concurrency:
// it is one of locks, groups and the like, or one that runs what it is given, or
// methods, for several requests at a time. Of package time only AfterFunc does.
func Concerns(pkg *types.Package) bool {
	switch p := pkgPath(pkg); p {
	case "sync", "sync/atomic", "context", "os/signal", "net/http", "net/rpc", "google.golang.org/grpc",
		"github.com/gin-gonic/gin", "github.com/labstack/echo/v4", "github.com/gofiber/fiber/v2", "github.com/gofiber/fiber/v3", errgroup, semaphore, singleflight:
		return true
	}
	return pkg.Name() == "sync" // a project's own, with other names for the same
}

// IsLock reports whether t is sync.Mutex, sync.RWMutex, or a pointer to one.
func IsLock(t types.Type) bool { return isNamed(t, "sync", "Mutex") || isNamed(t, "sync", "RWMutex") }

// IsRWMutex reports whether t is sync.RWMutex or a pointer to it.
func IsRWMutex(t types.Type) bool { return isNamed(t, "sync", "RWMutex") }

// IsLocker reports whether t is sync.Locker, or another interface that has the
// methods of a lock alone.
func IsLocker(t types.Type) bool { return isNamed(t, "sync", "Locker") || t != nil && locker(t) }

// IsWaitGroup reports whether t is sync.WaitGroup or a pointer to it.
func IsWaitGroup(t types.Type) bool { return isNamed(t, "sync", "WaitGroup") }

// IsCond reports whether t is sync.Cond or a pointer to it.
func IsCond(t types.Type) bool { return isNamed(t, "sync", "Cond") }

// IsOnce reports whether t is sync.Once or a pointer to it.
func IsOnce(t types.Type) bool { return isNamed(t, "sync", "Once") }

// IsPool reports whether t is sync.Pool or a pointer to it.
func IsPool(t types.Type) bool { return isNamed(t, "sync", "Pool") }

// ZeroReady reports whether t is a struct of package sync or sync/atomic: the
// zero value is ready for use, a nil pointer to it is not.
func ZeroReady(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return false
	}
	if p := n.Obj().Pkg().Path(); p != "sync" && p != "sync/atomic" {
		return false
	}
	_, ok = n.Underlying().(*types.Struct)
	return ok
}

// IsHandlerFunc reports whether functions of the signature serve HTTP requests: a
// panic in one is recovered by the server, a panic in a goroutine of it is not.
func IsHandlerFunc(sig *types.Signature) bool {
	p := sig.Params()
	return p.Len() == 2 && isNamed(p.At(0).Type(), "net/http", "ResponseWriter") && isNamed(p.At(1).Type(), "net/http", "Request")
}

// IsServer reports whether t is http.Server or a pointer to it.
func IsServer(t types.Type) bool { return isNamed(t, "net/http", "Server") }

// IsServeMux reports whether t is a pointer to http.ServeMux.
func IsServeMux(t types.Type) bool { return isNamed(t, "net/http", "ServeMux") }

// WaitsForHandlers reports whether the method comes back only when the handlers of its
// server have, or its context is done.
func WaitsForHandlers(fn *types.Func) bool { return isMethod(fn, IsServer, "Shutdown") }

// IsRoute reports whether the method gives a multiplexer a handler, its second argument.
func IsRoute(fn *types.Func) bool {
	return isMethod(fn, IsServeMux, "Handle") || isMethod(fn, IsServeMux, "HandleFunc")
}

func isMethod(fn *types.Func, of func(types.Type) bool, name string) bool {
	return fn.Name() == name && fn.Signature().Recv() != nil && of(fn.Signature().Recv().Type())
}

// IsTimer reports whether t is time.Timer or a pointer to it.
func IsTimer(t types.Type) bool { return isNamed(t, "time", "Timer") }

// IsTicker reports whether t is time.Ticker or a pointer to it.
func IsTicker(t types.Type) bool { return isNamed(t, "time", "Ticker") }

// HasGroups reports whether the package is the one of errgroup.Group.
func HasGroups(pkg *types.Package) bool { return pkgPath(pkg) == errgroup }

// IsGroup reports whether t is errgroup.Group or a pointer to it.
func IsGroup(t types.Type) bool { return isNamed(t, errgroup, "Group") }

// IsSemaphore reports whether t is semaphore.Weighted or a pointer to it.
func IsSemaphore(t types.Type) bool { return isNamed(t, semaphore, "Weighted") }

// IsCancel reports whether t is context.CancelFunc or context.CancelCauseFunc.
func IsCancel(t types.Type) bool {
	return isNamed(t, "context", "CancelFunc") || isNamed(t, "context", "CancelCauseFunc")
}

// IsRequest reports whether t is a pointer to http.Request.
func IsRequest(t types.Type) bool { return isNamed(t, "net/http", "Request") }

// IsResponseWriter reports whether t is http.ResponseWriter.
func IsResponseWriter(t types.Type) bool { return isNamed(t, "net/http", "ResponseWriter") }

// IsContext reports whether t is context.Context.
func IsContext(t types.Type) bool { return isNamed(t, "context", "Context") }

// IsHandler reports whether fn is the method that package net/http runs for each
// request, in a goroutine of its own: of a server's Handler or of a RoundTripper.
func IsHandler(fn *types.Func) bool {
	sig := fn.Signature()
	if sig.Recv() == nil {
		return false
	}
	is := func(t *types.Tuple, i int, name string) bool {
		return i < t.Len() && isNamed(t.At(i).Type(), "net/http", name)
	}
	switch in, out := sig.Params(), sig.Results(); fn.Name() {
	case "ServeHTTP":
		return in.Len() == 2 && out.Len() == 0 && is(in, 0, "ResponseWriter") && is(in, 1, "Request")
	case "RoundTrip":
		return in.Len() == 1 && out.Len() == 2 && is(in, 0, "Request") && is(out, 0, "Response")
	}
	return false
}

// IsRouteFunc reports whether functions of the signature serve requests of a router that
// makes a context for each.
func IsRouteFunc(sig *types.Signature) bool {
	if sig.Params().Len() != 1 {
		return false
	}
	t := sig.Params().At(0).Type()
	return isNamed(t, "github.com/gin-gonic/gin", "Context") || isNamed(t, "github.com/labstack/echo/v4", "Context") ||
		isNamed(t, "github.com/gofiber/fiber/v2", "Ctx") || isNamed(t, "github.com/gofiber/fiber/v3", "Ctx")
}

// Ends reports whether the operation never returns to its caller.
func (k Kind) Ends() bool {
	switch k {
	case Exit, Goexit, Panic, TestFatal:
		return true
	}
	return false
}

// Serves reports whether fn registers a value whose methods serve requests, each
// in a goroutine of its own: with gRPC's generated RegisterXServer, for which iface
// has the methods, or with package net/rpc, which takes all that are exported. arg
// is the argument.
func Serves(fn *types.Func) (arg int, iface *types.Interface, ok bool) {
	if fn == nil {
		return 0, nil, false
	}
	sig := fn.Signature()
	switch fn.FullName() {
	case "net/rpc.Register", "(*net/rpc.Server).Register":
		return 0, nil, true
	case "net/rpc.RegisterName", "(*net/rpc.Server).RegisterName":
		return 1, nil, true
	}
	service, ok := strings.CutPrefix(fn.Name(), "Register")
	if !ok || sig.Recv() != nil || sig.Params().Len() != 2 {
		return 0, nil, false
	}
	named, ok := types.Unalias(sig.Params().At(1).Type()).(*types.Named)
	if !ok || named.Obj().Name() != service || !strings.HasSuffix(service, "Server") {
		return 0, nil, false
	}
	registrar := sig.Params().At(0).Type()
	if !isNamed(registrar, "google.golang.org/grpc", "ServiceRegistrar") && !isNamed(registrar, "google.golang.org/grpc", "Server") {
		return 0, nil, false
	}
	iface, ok = named.Underlying().(*types.Interface)
	return 1, iface, ok
}

// Spawns reports whether the operation runs its function argument in another
// goroutine.
func (k Kind) Spawns() bool {
	switch k {
	case WgGo, GroupGo, GroupTryGo, AfterFunc, CtxAfterFunc, FlightDoChan:
		return true
	}
	return false
}

func isNamed(t types.Type, pkg, name string) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == pkg
}

func typeName(t types.Type) string {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}

// pkgPath is the import path, without what the standard library puts before
// the packages it vendors.
func pkgPath(p *types.Package) string {
	const vendor = "vendor/"
	path := p.Path()
	if len(path) > len(vendor) && path[:len(vendor)] == vendor {
		return path[len(vendor):]
	}
	return path
}
