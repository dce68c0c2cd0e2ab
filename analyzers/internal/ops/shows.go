package ops

import (
	"go/types"
	"reflect"
	"strings"
)

// Showing is how a call reads all of an object that it is given in an interface.
type Showing uint8

// The ways.
const (
	NotShown Showing = iota
	Encoded          // the exported fields, unless the type encodes itself
	Printed          // all fields, unless the type says how it is printed
)

// Shows returns how a call of fn reads what it is given, and the index of the first such
// argument, with the receiver: the others up to the last are read as well, if all says so.
// format says that the argument before is a format.
func Shows(fn *types.Func) (how Showing, arg int, all, format bool) {
	if fn == nil || fn.Pkg() == nil {
		return NotShown, 0, false, false
	}
	name, method := fn.Name(), fn.Signature().Recv() != nil
	switch path := pkgPath(fn.Pkg()); {
	case (path == "encoding/json" || path == "encoding/xml") && !method && (name == "Marshal" || name == "MarshalIndent"):
		return Encoded, 0, false, false
	case (path == "encoding/json" || path == "encoding/xml" || path == "encoding/gob") && method && name == "Encode" && typeName(fn.Signature().Recv().Type()) == "Encoder":
		return Encoded, 1, false, false
	case path == "fmt" && !method || path == "log":
		base := strings.TrimSuffix(strings.TrimSuffix(name, "ln"), "f")
		switch base {
		case "Print", "Sprint", "Fatal", "Panic":
		case "Fprint", "Append":
			arg = 1
		case "Error":
			if path != "fmt" {
				return NotShown, 0, false, false
			}
		default:
			return NotShown, 0, false, false
		}
		if path == "log" && method {
			arg++
		}
		if format = strings.HasSuffix(name, "f"); format {
			arg++
		}
		return Printed, arg, true, format
	}
	return NotShown, 0, false, false
}

// Reads reports whether field i of the struct is read when a pointer to it, of type t, is shown.
func (how Showing) Reads(t types.Type, st *types.Struct, i int) bool {
	own := []string{"Format", "String", "GoString", "Error"}
	if how == Encoded {
		own = []string{"MarshalJSON", "MarshalText", "MarshalXML", "MarshalXMLAttr", "GobEncode", "MarshalBinary"}
	}
	methods := types.NewMethodSet(t)
	for _, name := range own {
		if methods.Lookup(nil, name) != nil {
			return false
		}
	}
	if how == Printed {
		return true
	}
	f := st.Field(i)
	for _, key := range []string{"json", "xml"} {
		if name, _, _ := strings.Cut(reflect.StructTag(st.Tag(i)).Get(key), ","); name == "-" {
			return false
		}
	}
	return f.Exported()
}

// OfRequest reports whether t is of a request that is served, or of its answer: nothing is
// waited for by its methods that other requests do.
func OfRequest(t types.Type) bool {
	if t == nil {
		return false
	}
	return isNamed(t, "net/http", "ResponseWriter") || isNamed(t, "net/http", "Request") || isNamed(t, "net/url", "URL")
}
