package report

import (
	"cmp"
	"encoding/xml"
)

type checkstyleReport struct {
	XMLName xml.Name         `xml:"checkstyle"`
	Version string           `xml:"version,attr"`
	Files   []checkstyleFile `xml:"file"`
}

type checkstyleFile struct {
	Name   string            `xml:"name,attr"`
	Errors []checkstyleError `xml:"error"`
}

type checkstyleError struct {
	Line     int    `xml:"line,attr,omitempty"`
	Column   int    `xml:"column,attr,omitempty"`
	Severity string `xml:"severity,attr"`
	Message  string `xml:"message,attr"`
	Source   string `xml:"source,attr"`
}

// renderCheckstyle prints Checkstyle's XML. The version is that of the format, which readers look at, not conclint's.
func renderCheckstyle(r *run) ([]byte, error) {
	doc := checkstyleReport{Version: "5.0"}
	index := make(map[string]int)
	for _, f := range r.findings {
		name := cmp.Or(f.File, "-")
		i, ok := index[name]
		if !ok {
			i = len(doc.Files)
			index[name] = i
			doc.Files = append(doc.Files, checkstyleFile{Name: name})
		}
		severity := r.level(f)
		if severity == "note" {
			severity = "info"
		}
		at := r.src.utf16(f.Range)
		doc.Files[i].Errors = append(doc.Files[i].Errors, checkstyleError{at.Line, at.Column, severity, f.Message, toolName + "." + f.Analyzer})
	}
	out, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(append([]byte(xml.Header), out...), '\n'), nil
}
