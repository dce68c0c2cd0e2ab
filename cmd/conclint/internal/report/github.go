package report

import (
	"bytes"
	"fmt"
	"strings"
)

// renderGitHub prints workflow commands, one a line, which the runner of GitHub Actions turns into annotations of the files. Of a
// range over several lines it gives the lines only: an annotation can have columns on a single line.
func renderGitHub(r *run) ([]byte, error) {
	var b bytes.Buffer
	for _, f := range r.findings {
		command := r.level(f)
		if command == "note" {
			command = "notice"
		}
		var props []string
		add := func(key string, value any) {
			props = append(props, key+"="+escapeProperty(fmt.Sprint(value)))
		}
		at := r.src.utf16(f.Range)
		if at.File != "" {
			add("file", at.File)
		}
		if at.Line > 0 {
			add("line", at.Line)
			if at.EndLine > 0 {
				add("endLine", at.EndLine)
			}
			if at.Column > 0 && at.EndLine <= at.Line {
				add("col", at.Column)
				if at.EndColumn > 0 {
					add("endColumn", at.EndColumn)
				}
			}
		}
		add("title", toolName+" "+f.Analyzer)
		message := f.Message
		for _, rel := range f.Related {
			message += "\n" + place(rel.Range) + ": " + rel.Message
		}
		fmt.Fprintf(&b, "::%s %s::%s\n", command, strings.Join(props, ","), escapeData(message))
	}
	return b.Bytes(), nil
}

// escapeData escapes the message of a workflow command.
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(valid(s))
}

// escapeProperty escapes the value of a property of a workflow command.
func escapeProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(valid(s))
}
