package ops

const (
	errgroup     = "golang.org/x/sync/errgroup"
	semaphore    = "golang.org/x/sync/semaphore"
	singleflight = "golang.org/x/sync/singleflight"
)

// do is an operation without a function argument.
func do(k Kind) Op { return Op{Kind: k, Func: -1} }

// run is an operation that runs its argument i.
func run(k Kind, i int) Op { return Op{Kind: k, Func: i} }

// ext is a call that may wait for the outside.
var ext = Op{Kind: Blocking, Func: -1, External: true}

// view is a call that returns memory of the receiver.
var view = Op{Func: -1, View: true}

// format is a call that formats its arguments; k is what else it does.
func format(k Kind) Op { return Op{Kind: k, Func: -1, Format: true} }

// table maps import paths to functions and Type.Method names.
var table = map[string]map[string]Op{
	"sync": {
		"Mutex.Lock": do(Lock), "Mutex.Unlock": do(Unlock), "Mutex.TryLock": do(TryLock),
		"RWMutex.Lock": do(Lock), "RWMutex.Unlock": do(Unlock), "RWMutex.TryLock": do(TryLock),
		"RWMutex.RLock": do(RLock), "RWMutex.RUnlock": do(RUnlock), "RWMutex.TryRLock": do(TryRLock),
		"RWMutex.RLocker": do(RLocker),
		"Locker.Lock":     do(Lock), "Locker.Unlock": do(Unlock),
		"WaitGroup.Add": do(WgAdd), "WaitGroup.Done": do(WgDone), "WaitGroup.Wait": do(WgWait), "WaitGroup.Go": run(WgGo, 0),
		"NewCond": do(NewCond), "Cond.Wait": do(CondWait), "Cond.Signal": do(CondSignal), "Cond.Broadcast": do(CondBroadcast),
		"Once.Do": run(OnceDo, 0), "OnceFunc": run(OnceFunc, 0), "OnceValue": run(OnceFunc, 0), "OnceValues": run(OnceFunc, 0),
		"Pool.Get": do(PoolGet), "Pool.Put": do(PoolPut),
		"Map.Load": do(MapLoad), "Map.Range": run(MapRange, 0),
		"Map.Store": do(MapStore), "Map.Delete": do(MapStore), "Map.Clear": do(MapStore),
		"Map.LoadOrStore": do(MapUpdate), "Map.LoadAndDelete": do(MapUpdate), "Map.Swap": do(MapUpdate),
		"Map.CompareAndSwap": do(MapUpdate), "Map.CompareAndDelete": do(MapUpdate),
	},
	"sync/atomic": atomics(),
	"context": {
		"Background": do(CtxRoot), "TODO": do(CtxRoot),
		"WithCancel": do(CtxWithCancel), "WithCancelCause": do(CtxWithCancel),
		"WithTimeout": do(CtxWithTimeout), "WithTimeoutCause": do(CtxWithTimeout),
		"WithDeadline": do(CtxWithTimeout), "WithDeadlineCause": do(CtxWithTimeout),
		"WithValue": do(CtxWithValue), "WithoutCancel": do(CtxDetach), "AfterFunc": run(CtxAfterFunc, 1),
		"Context.Done": do(CtxDone), "Context.Err": do(CtxErr), "Cause": do(CtxErr),
	},
	"time": {
		"Sleep": {Kind: Sleep, Func: -1, External: true},
		"After": do(After), "Tick": do(Tick), "NewTimer": do(NewTimer), "NewTicker": do(NewTicker),
		"AfterFunc":  run(AfterFunc, 1),
		"Timer.Stop": do(TimerStop), "Ticker.Stop": do(TimerStop),
		"Timer.Reset": do(TimerReset), "Ticker.Reset": do(TimerReset),
	},
	errgroup: {
		"WithContext": do(GroupWithContext), "Group.Go": run(GroupGo, 0), "Group.TryGo": run(GroupTryGo, 0),
		"Group.Wait": do(GroupWait), "Group.SetLimit": do(GroupSetLimit),
	},
	semaphore: {
		"NewWeighted": do(NewSemaphore), "Weighted.Acquire": do(SemAcquire),
		"Weighted.TryAcquire": do(SemTryAcquire), "Weighted.Release": do(SemRelease),
	},
	singleflight: {"Group.Do": run(FlightDo, 1), "Group.DoChan": run(FlightDoChan, 1)},
	"os/signal": {
		"Notify": do(SignalNotify), "NotifyContext": do(SignalNotifyContext), "Stop": do(SignalStop),
	},
	"testing": testing(),
	"runtime": {
		"Goexit": do(Goexit), "Gosched": {Func: -1, Yields: true}, "SetFinalizer": run(RunsLater, 1), "AddCleanup": run(RunsLater, 1),
	},
	"os": {
		"Exit":         do(Exit),
		"Process.Wait": ext, "File.Read": ext, "File.Write": ext, "File.ReadFrom": ext, "File.WriteTo": ext,
	},
	"log": {
		"Fatal": format(Exit), "Fatalf": format(Exit), "Fatalln": format(Exit),
		"Panic": format(Panic), "Panicf": format(Panic), "Panicln": format(Panic),
		"Print": format(None), "Printf": format(None), "Println": format(None),
		"Logger.Fatal": format(Exit), "Logger.Fatalf": format(Exit), "Logger.Fatalln": format(Exit),
		"Logger.Panic": format(Panic), "Logger.Panicf": format(Panic), "Logger.Panicln": format(Panic),
		"Logger.Print": format(None), "Logger.Printf": format(None), "Logger.Println": format(None),
	},
	"fmt": {
		"Print": format(None), "Printf": format(None), "Println": format(None),
		"Fprint": format(None), "Fprintf": format(None), "Fprintln": format(None),
		"Sprint": format(None), "Sprintf": format(None), "Sprintln": format(None),
		"Append": format(None), "Appendf": format(None), "Appendln": format(None),
		"Errorf": {Func: -1, Format: true, NonNil: true},
	},
	"errors":  {"New": {Func: -1, NonNil: true}},
	"syscall": {"Exit": do(Exit), "Select": ext, "Wait4": ext, "Accept": ext, "Flock": ext},
	// Loggers whose Fatal ends the process through a variable.
	"github.com/sirupsen/logrus": {
		"Fatal": do(Exit), "Fatalf": do(Exit), "Fatalln": do(Exit), "Exit": do(Exit),
		"Entry.Fatal": do(Exit), "Entry.Fatalf": do(Exit), "Entry.Fatalln": do(Exit),
		"Logger.Fatal": do(Exit), "Logger.Fatalf": do(Exit), "Logger.Fatalln": do(Exit), "Logger.Exit": do(Exit),
		"Panic": do(Panic), "Panicf": do(Panic), "Entry.Panic": do(Panic), "Entry.Panicf": do(Panic),
		"Logger.Panic": do(Panic), "Logger.Panicf": do(Panic),
	},
	"go.uber.org/zap": {
		"Logger.Fatal": do(Exit), "SugaredLogger.Fatal": do(Exit), "SugaredLogger.Fatalf": do(Exit),
		"SugaredLogger.Fatalw": do(Exit), "SugaredLogger.Fatalln": do(Exit),
		"Logger.Panic": do(Panic), "SugaredLogger.Panic": do(Panic), "SugaredLogger.Panicf": do(Panic), "SugaredLogger.Panicw": do(Panic),
	},
	"k8s.io/klog/v2": {
		"Fatal": do(Exit), "Fatalf": do(Exit), "Fatalln": do(Exit), "FatalDepth": do(Exit),
		"Exit": do(Exit), "Exitf": do(Exit), "Exitln": do(Exit), "FlushAndExit": do(Exit),
	},
	"github.com/golang/glog": {
		"Fatal": do(Exit), "Fatalf": do(Exit), "Fatalln": do(Exit), "Exit": do(Exit), "Exitf": do(Exit), "Exitln": do(Exit),
	},
	// Functions that run their argument before they return.
	"sort": {
		"Slice": run(RunsNow, 1), "SliceStable": run(RunsNow, 1), "SliceIsSorted": run(RunsNow, 1),
		"Search": run(RunsNow, 1), "Find": run(RunsNow, 1),
	},
	"slices": {
		"SortFunc": run(RunsNow, 1), "SortStableFunc": run(RunsNow, 1), "IsSortedFunc": run(RunsNow, 1),
		"IndexFunc": run(RunsNow, 1), "ContainsFunc": run(RunsNow, 1), "DeleteFunc": run(RunsNow, 1),
		"MinFunc": run(RunsNow, 1), "MaxFunc": run(RunsNow, 1), "BinarySearchFunc": run(RunsNow, 2),
		"CompactFunc": run(RunsNow, 1), "EqualFunc": run(RunsNow, 2), "CompareFunc": run(RunsNow, 2),
	},
	"maps": {"DeleteFunc": run(RunsNow, 1), "EqualFunc": run(RunsNow, 2)},
	"strings": {
		"Map": run(RunsNow, 0), "FieldsFunc": run(RunsNow, 1), "IndexFunc": run(RunsNow, 1), "LastIndexFunc": run(RunsNow, 1),
		"TrimFunc": run(RunsNow, 1), "TrimLeftFunc": run(RunsNow, 1), "TrimRightFunc": run(RunsNow, 1), "ContainsFunc": run(RunsNow, 1),
	},
	"bytes": {
		"Map": run(RunsNow, 0), "FieldsFunc": run(RunsNow, 1), "IndexFunc": run(RunsNow, 1), "LastIndexFunc": run(RunsNow, 1),
		"TrimFunc": run(RunsNow, 1), "TrimLeftFunc": run(RunsNow, 1), "TrimRightFunc": run(RunsNow, 1), "ContainsFunc": run(RunsNow, 1),
		"Buffer.Bytes": view, "Buffer.Next": view, "Buffer.AvailableBuffer": view,
	},
	"bufio":         {"Scanner.Bytes": view, "Reader.Peek": view, "Reader.ReadSlice": view},
	"path/filepath": {"Walk": run(RunsNow, 1), "WalkDir": run(RunsNow, 1)},
	"io/fs":         {"WalkDir": run(RunsNow, 2)},
	"go/ast":        {"Inspect": run(RunsNow, 1)},
	"flag":          {"Visit": run(RunsNow, 0), "VisitAll": run(RunsNow, 0), "FlagSet.Visit": run(RunsNow, 0), "FlagSet.VisitAll": run(RunsNow, 0)},
	"expvar":        {"Do": run(RunsNow, 0), "Map.Do": run(RunsNow, 0), "Publish": do(None)},
	"container/ring": {
		"Ring.Do": run(RunsNow, 0),
	},
	"testing/synctest":  {"Test": run(RunsNow, 1), "Wait": do(BubbleWait)},
	"internal/synctest": {"Run": run(RunsNow, 0), "Wait": do(BubbleWait)},
	// Functions that keep their argument and run it from a goroutine of theirs.
	"net/http": {
		"HandleFunc": {Kind: RunsLater, Func: 1, Many: true}, "ServeMux.HandleFunc": {Kind: RunsLater, Func: 1, Many: true}, "Server.RegisterOnShutdown": run(RunsLater, 0),
		"ListenAndServe": ext, "ListenAndServeTLS": ext, "Serve": ext, "ServeTLS": ext,
		"Server.ListenAndServe": ext, "Server.ListenAndServeTLS": ext, "Server.Serve": ext, "Server.ServeTLS": ext, "Server.Shutdown": ext,
		"Get": ext, "Head": ext, "Post": ext, "PostForm": ext,
		"Client.Do": ext, "Client.Get": ext, "Client.Head": ext, "Client.Post": ext, "Client.PostForm": ext,
		"RoundTripper.RoundTrip": ext, "Transport.RoundTrip": ext,
	},
	"net": {
		"Dial": ext, "DialTimeout": ext, "DialTCP": ext, "DialUDP": ext, "DialUnix": ext, "Dialer.Dial": ext, "Dialer.DialContext": ext,
		"LookupHost": ext, "LookupIP": ext, "LookupAddr": ext, "LookupCNAME": ext, "LookupMX": ext, "LookupTXT": ext, "LookupSRV": ext,
		"Resolver.LookupHost": ext, "Resolver.LookupIPAddr": ext, "Resolver.LookupAddr": ext, "Resolver.LookupIP": ext,
		"Listener.Accept": ext, "TCPListener.Accept": ext, "TCPListener.AcceptTCP": ext, "UnixListener.Accept": ext, "UnixListener.AcceptUnix": ext,
		"Conn.Read": ext, "Conn.Write": ext, "TCPConn.Read": ext, "TCPConn.Write": ext, "UDPConn.Read": ext, "UDPConn.ReadFrom": ext,
		"UnixConn.Read": ext, "UnixConn.Write": ext, "PacketConn.ReadFrom": ext, "PacketConn.WriteTo": ext,
	},
	"crypto/tls": {
		"Dial": ext, "DialWithDialer": ext, "Conn.Handshake": ext, "Conn.HandshakeContext": ext, "Conn.Read": ext, "Conn.Write": ext,
	},
	"os/exec": {
		"Cmd.Run": ext, "Cmd.Wait": ext, "Cmd.Output": ext, "Cmd.CombinedOutput": ext,
	},
	"io": {
		"Copy": ext, "CopyN": ext, "CopyBuffer": ext, "ReadAll": ext, "ReadFull": ext, "ReadAtLeast": ext,
		"PipeReader.Read": ext, "PipeWriter.Write": ext,
	},
	"database/sql": {
		"DB.Query": ext, "DB.QueryContext": ext, "DB.Exec": ext, "DB.ExecContext": ext, "DB.Ping": ext, "DB.PingContext": ext, "DB.Begin": ext, "DB.BeginTx": ext,
		"Tx.Query": ext, "Tx.Exec": ext, "Tx.Commit": ext, "Tx.Rollback": ext, "Stmt.Query": ext, "Stmt.Exec": ext, "Rows.Next": ext, "Row.Scan": ext,
	},
}

func atomics() map[string]Op {
	m := make(map[string]Op)
	methods := map[string]Kind{
		"Load": AtomicLoad, "Store": AtomicStore, "Add": AtomicUpdate, "Swap": AtomicUpdate,
		"CompareAndSwap": AtomicUpdate, "And": AtomicUpdate, "Or": AtomicUpdate,
	}
	for _, t := range []string{"Int32", "Int64", "Uint32", "Uint64", "Uintptr", "Pointer", "Bool", "Value"} {
		for name, kind := range methods {
			m[t+"."+name] = do(kind)
			m[name+t] = do(kind) // the functions: LoadInt32(&x)
		}
	}
	return m
}

func testing() map[string]Op {
	m := make(map[string]Op)
	for _, t := range []string{"T", "B", "F", "TB", "common"} {
		for _, name := range []string{"Fatal", "Fatalf", "Skip", "Skipf"} {
			m[t+"."+name] = format(TestFatal)
		}
		for _, name := range []string{"Log", "Logf", "Error", "Errorf"} {
			m[t+"."+name] = format(TestLog)
		}
		m[t+".FailNow"], m[t+".SkipNow"], m[t+".Fail"] = do(TestFatal), do(TestFatal), do(TestLog)
		m[t+".Cleanup"] = run(TestCleanup, 0)
		m[t+".Setenv"] = do(TestSetenv)
		m[t+".Chdir"] = do(TestSetenv)
	}
	m["T.Run"], m["B.Run"] = run(TestRun, 1), run(TestRun, 1)
	m["T.Parallel"] = do(TestParallel)
	m["B.RunParallel"] = run(RunsNow, 0)
	m["T.Context"], m["B.Context"], m["TB.Context"] = do(CtxRoot), do(CtxRoot), do(CtxRoot)
	m["AllocsPerRun"] = run(RunsNow, 1)
	m["Benchmark"] = run(RunsNow, 0)
	return m
}
