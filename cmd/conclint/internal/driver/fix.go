package driver

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// fix lets go vet apply the fixes, or show them as a diff.
func (r *runner) fix(ctx context.Context, m module, patterns []string) error {
	mode, read := []string{"-fix"}, discard
	if r.opts.diff {
		mode, read = append(mode, "-diff"), r.readDiff
	}
	res, err := r.vet(ctx, m, patterns, mode, read)
	if err != nil {
		return err
	}
	if res.failed && res.units == 0 && res.stderr != "" {
		res, err = r.withoutBroken(ctx, m, patterns, res, func(good []string) (vetResult, error) {
			return r.vet(ctx, m, good, mode, read)
		})
		if err != nil {
			return err
		}
	}
	if res.units > 0 && res.stderr == "" {
		res.failed = false // go vet -diff fails when there is a difference
	}
	r.collect(ctx, m, patterns, res)
	return nil
}

func discard(stdout io.Reader) (int, error) {
	_, err := io.Copy(io.Discard, stdout)
	return 0, err
}

// readDiff reads what go vet -fix -diff prints: a diff per file, in any order.
func (r *runner) readDiff(stdout io.Reader) (int, error) {
	data, err := io.ReadAll(stdout)
	if len(data) == 0 {
		return 0, err
	}
	r.diffs = append(r.diffs, splitDiff(data)...)
	return 1, err
}

// A fileDiff is the part of a diff that is about one file.
type fileDiff struct {
	path string
	body string
}

// splitDiff splits at the headers that unitchecker prints: "--- path (old)" and "+++ path (new)".
func splitDiff(data []byte) []fileDiff {
	var list []fileDiff
	lines := bytes.SplitAfter(data, []byte("\n"))
	for i := 0; i < len(lines); i++ {
		if i+1 < len(lines) {
			old, ok := cutHeader(lines[i], "--- ", " (old)")
			current, ok2 := cutHeader(lines[i+1], "+++ ", " (new)")
			if ok && ok2 && old == current {
				list = append(list, fileDiff{path: old})
				i++
				continue
			}
		}
		if len(list) == 0 {
			list = append(list, fileDiff{})
		}
		list[len(list)-1].body += string(lines[i])
	}
	return list
}

func cutHeader(line []byte, prefix, suffix string) (string, bool) {
	s, ok := strings.CutPrefix(strings.TrimRight(string(line), "\r\n"), prefix)
	if !ok {
		return "", false
	}
	return strings.CutSuffix(s, suffix)
}

// printDiffs prints the diffs sorted by path, with the headers that git apply and patch -p1 understand. Paths are relative to the
// working directory if all are in it, else to base.
func (r *runner) printDiffs(base string) error {
	var out bytes.Buffer
	dir := r.env.Dir
	if slices.ContainsFunc(r.diffs, func(d fileDiff) bool { return filepath.IsAbs(within(d.path, dir)) }) {
		dir = base
	}
	slices.SortStableFunc(r.diffs, func(a, b fileDiff) int { return strings.Compare(a.path, b.path) })
	for _, d := range r.diffs {
		if d.path != "" {
			path := filepath.ToSlash(within(d.path, dir))
			out.WriteString("--- a/" + path + "\n+++ b/" + path + "\n")
		}
		out.WriteString(d.body)
	}
	_, err := r.env.Stdout.Write(out.Bytes())
	return err
}
