package ops

import (
	"go/types"
	"slices"
)

// OfReceiver and OfInput are what [ReadsToEnd] returns for a method that reads from its
// receiver, and for a function that reads from the standard input.
const (
	OfReceiver = -1
	OfInput    = -2
)

// reads is what reads from a stream and fails each time when this is at its end. What
// comes back to life by itself, such as a socket for packets, is not here.
var reads = map[string][]string{
	"bufio":         {"Reader.Peek", "Reader.Read", "Reader.ReadByte", "Reader.ReadBytes", "Reader.ReadLine", "Reader.ReadRune", "Reader.ReadSlice", "Reader.ReadString"},
	"encoding/csv":  {"Reader.Read"},
	"encoding/gob":  {"Decoder.Decode"},
	"encoding/json": {"Decoder.Decode", "Decoder.Token"},
	"encoding/xml":  {"Decoder.Decode", "Decoder.RawToken", "Decoder.Token"},
	"fmt":           {"Fscan", "Fscanf", "Fscanln", "Scan", "Scanf", "Scanln"},
	"io":            {"PipeReader.Read", "ReadAtLeast", "ReadFull"},
	"net":           {"Conn.Read", "TCPConn.Read", "UnixConn.Read"},
	"net/http":      {"ReadRequest"},
	"net/textproto": {"Reader.ReadLine", "Reader.ReadMIMEHeader"},
}

// ReadsToEnd reports whether a call of the function fails each time once a stream has
// come to its end, and which argument that is.
func ReadsToEnd(fn *types.Func) (stream int, ok bool) {
	if fn.Pkg() == nil {
		return 0, false
	}
	name := fn.Name()
	recv := fn.Signature().Recv()
	if recv != nil {
		name = typeName(recv.Type()) + "." + name
	}
	if !slices.Contains(reads[fn.Pkg().Path()], name) {
		return 0, false
	}
	switch {
	case recv != nil:
		return OfReceiver, true
	case fn.Pkg().Path() == "fmt" && fn.Name()[0] == 'S':
		return OfInput, true
	}
	return 0, true
}

// Accepts reports whether the method takes the next connection of a listener, also of a
// type that stands for one: it fails each time once that is closed.
func Accepts(fn *types.Func) bool {
	sig := fn.Signature()
	if sig.Recv() == nil || sig.Params().Len() != 0 || sig.Results().Len() != 2 {
		return false
	}
	conn := sig.Results().At(0).Type()
	switch fn.Name() {
	case "Accept":
		return isNamed(conn, "net", "Conn")
	case "AcceptTCP":
		return isNamed(conn, "net", "TCPConn")
	case "AcceptUnix":
		return isNamed(conn, "net", "UnixConn")
	}
	return false
}
