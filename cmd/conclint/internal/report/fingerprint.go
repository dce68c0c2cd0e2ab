package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// fingerprints returns for each finding a hash that stays the same when lines above it come and go: of the analyzer, the category,
// the file and the text of the source line with its white space evened out. Findings that agree in all of these are numbered
// in their order. Where the source cannot be read, the message stands for the line.
func (r *run) fingerprints() []string {
	seen := make(map[string]int)
	prints := make([]string, len(r.findings))
	for i, f := range r.findings {
		line, ok := r.src.of(f.Range).line(f.Line)
		if !ok {
			line = f.Message
		}
		key := strings.Join([]string{f.Analyzer, f.Category, f.File, strings.Join(strings.Fields(line), " ")}, "\x00")
		seen[key]++
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, seen[key]))
		prints[i] = hex.EncodeToString(sum[:16])
	}
	return prints
}
