package skeleton

import (
	"bytes"
	"io"
	"os"
	"slices"
	"strings"
)

// DebugVariable is the environment variable that turns on debug output: a list
// of words with commas between. The command sets it for its flag -debug; it is no
// flag of the analyzers, since engine stages have none behind go vet.
const DebugVariable = "CONCLINT_DEBUG"

// Debug returns a writer for debug output about a stage of the engine, or nil
// when nobody asked for it. What is written goes to standard error, each line
// marked: standard output belongs to go vet.
func Debug(word string) io.Writer {
	if !slices.Contains(strings.Split(os.Getenv(DebugVariable), ","), word) {
		return nil
	}
	return &marked{word: word}
}

type marked struct{ word string }

func (m *marked) Write(p []byte) (int, error) {
	var out bytes.Buffer
	for line := range bytes.Lines(p) {
		out.WriteString("debug: " + m.word + ": ")
		out.Write(bytes.TrimSuffix(line, []byte("\n")))
		out.WriteByte('\n')
	}
	_, err := os.Stderr.Write(out.Bytes())
	return len(p), err
}
