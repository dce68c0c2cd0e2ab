package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// jsonVersion is the version of the JSON format; see the package comment for when it grows.
const jsonVersion = 1

type jsonReport struct {
	Version  int           `json:"version"`
	Tool     jsonTool      `json:"tool"`
	Findings []jsonFinding `json:"findings"`
}

type jsonTool struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

// A jsonFinding is a finding with what the writer knows about it.
type jsonFinding struct {
	Finding
	Level       string `json:"level"`
	Fingerprint string `json:"fingerprint"`
}

func renderJSON(r *run) ([]byte, error) {
	doc := jsonReport{Version: jsonVersion, Tool: jsonTool{toolName, r.Version}, Findings: []jsonFinding{}}
	prints := r.fingerprints()
	for i, f := range r.findings {
		f.URL = r.url(f)
		doc.Findings = append(doc.Findings, jsonFinding{f, r.level(f), prints[i]})
	}
	return marshal(doc)
}

// marshal returns v as indented JSON with a newline at the end.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// ReadJSON reads the findings of a report in JSON format, so that saved output can be printed again in another format. Range.Abs
// is not part of the format and comes back empty: source lines are then read relative to the working directory.
func ReadJSON(r io.Reader) ([]Finding, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	// The version first: another one may not even have the same shape.
	var head struct {
		Version *int `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("not a JSON report: %w", err)
	}
	if head.Version == nil {
		return nil, fmt.Errorf("not a JSON report of %s: it has no version", toolName)
	}
	if *head.Version != jsonVersion {
		return nil, fmt.Errorf("JSON report has version %d; this %s reads version %d", *head.Version, toolName, jsonVersion)
	}
	var doc jsonReport
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("JSON report: %w", err)
	}
	var findings []Finding
	for _, f := range doc.Findings {
		findings = append(findings, f.Finding)
	}
	return findings, nil
}
