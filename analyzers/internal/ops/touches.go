package ops

import (
	"go/types"
	"slices"
)

// A Touch is what a call does to an object that is not made to be used by several
// goroutines at a time, as the documentation of its type says.
type Touch struct {
	// Arg is the index of the object among the receiver and the arguments.
	Arg   int
	Write bool
	// Map says that it is a map, and the access to its entries.
	Map bool
	// Inside says that the argument is an interface, and that what counts is if the
	// value in it is such an object.
	Inside bool
}

// objects lists the types, by import path and name, and of each the methods that only
// read. All others change the object. The Readers of packages bytes and strings are not
// among them: their tests promise that to read where nothing is left changes nothing.
var objects = map[string]map[string][]string{
	"archive/tar":    {"Reader": nil, "Writer": nil},
	"archive/zip":    {"Writer": nil},
	"bufio":          {"Reader": {"Buffered", "Size"}, "Writer": {"Available", "AvailableBuffer", "Buffered", "Size"}, "Scanner": {"Bytes", "Err", "Text"}},
	"bytes":          {"Buffer": {"Available", "AvailableBuffer", "Bytes", "Cap", "Len", "String"}},
	"compress/flate": {"Writer": nil},
	"compress/gzip":  {"Reader": nil, "Writer": nil},
	"compress/zlib":  {"Writer": nil},
	"container/list": {"List": {"Back", "Front", "Len"}},
	"encoding/csv":   {"Reader": {"FieldPos", "InputOffset"}, "Writer": {"Error"}},
	"encoding/json":  {"Decoder": {"Buffered", "InputOffset"}},
	"strings":        {"Builder": {"Cap", "Len", "String"}},
	"text/tabwriter": {"Writer": nil},
	"math/rand":      {"Rand": nil},
	"math/rand/v2":   {"Rand": nil, "ChaCha8": {"MarshalBinary", "AppendBinary"}, "PCG": {"MarshalBinary", "AppendBinary"}},
	"container/ring": {"Ring": {"Do", "Len", "Move", "Next", "Prev"}},
}

// IsRand reports whether t is rand.Rand or a pointer to it: a generator, which can be
// used by several goroutines when its source can, and only then.
func IsRand(t types.Type) bool {
	return isNamed(t, "math/rand", "Rand") || isNamed(t, "math/rand/v2", "Rand")
}

// MakesRand reports whether fn makes a generator of the source that it is given, or a source
// of its package, which has no lock.
func MakesRand(fn *types.Func) (generator, source bool) {
	if fn == nil || fn.Pkg() == nil || fn.Signature().Recv() != nil {
		return false, false
	}
	switch pkgPath(fn.Pkg()) {
	case "math/rand":
		return fn.Name() == "New", fn.Name() == "NewSource"
	case "math/rand/v2":
		return fn.Name() == "New", fn.Name() == "NewPCG" || fn.Name() == "NewChaCha8"
	}
	return false, false
}

// headers lists the types of maps, and of each the methods that only read.
var headers = map[string]map[string][]string{
	"net/http":      {"Header": {"Clone", "Get", "Values", "Write", "WriteSubset"}},
	"net/textproto": {"MIMEHeader": {"Get", "Values"}},
	"net/url":       {"Values": {"Encode", "Get", "Has"}},
}

// functions lists what functions do to their arguments.
var functions = map[string]map[string][]Touch{
	"fmt": {"Fprint": {{Write: true, Inside: true}}, "Fprintf": {{Write: true, Inside: true}}, "Fprintln": {{Write: true, Inside: true}}},
	"io":  {"WriteString": {{Write: true, Inside: true}}, "Copy": {{Write: true, Inside: true}, {Arg: 1, Write: true, Inside: true}}},
	"maps": {
		"Clone": {{Map: true}}, "Copy": {{Map: true, Write: true}, {Arg: 1, Map: true}}, "DeleteFunc": {{Map: true, Write: true}},
		"Equal": {{Map: true}, {Arg: 1, Map: true}}, "EqualFunc": {{Map: true}, {Arg: 1, Map: true}}, "Insert": {{Map: true, Write: true}},
	},
	"encoding/json": {"Marshal": {{Map: true, Inside: true}}, "MarshalIndent": {{Map: true, Inside: true}}},
	"reflect":       {"DeepEqual": {{Map: true, Inside: true}, {Arg: 1, Map: true, Inside: true}}},
}

// Touches returns what a call of fn does to such objects.
func Touches(fn *types.Func) []Touch {
	if fn == nil || fn.Pkg() == nil {
		return nil
	}
	path := pkgPath(fn.Pkg())
	recv := fn.Signature().Recv()
	if recv == nil {
		return functions[path][fn.Name()]
	}
	name := typeName(recv.Type())
	if reads, ok := objects[path][name]; ok {
		return []Touch{{Write: !slices.Contains(reads, fn.Name())}}
	}
	if reads, ok := headers[path][name]; ok {
		return []Touch{{Write: !slices.Contains(reads, fn.Name()), Map: true}}
	}
	return nil
}

// IsObject reports whether t is, or points to, such an object.
func IsObject(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return false
	}
	_, ok = objects[pkgPath(n.Obj().Pkg())][n.Obj().Name()]
	return ok
}
