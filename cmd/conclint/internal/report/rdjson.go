package report

// The types below are the Reviewdog Diagnostic Format. Its columns count UTF-8 bytes from 1, as a Range does.

type rdReport struct {
	Source      rdSource       `json:"source"`
	Diagnostics []rdDiagnostic `json:"diagnostics"`
}

type rdSource struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type rdDiagnostic struct {
	Message          string         `json:"message"`
	Location         rdLocation     `json:"location"`
	Severity         string         `json:"severity"`
	Code             rdCode         `json:"code"`
	Suggestions      []rdSuggestion `json:"suggestions,omitempty"`
	RelatedLocations []rdRelated    `json:"relatedLocations,omitempty"`
}

type rdCode struct {
	Value string `json:"value"`
	URL   string `json:"url,omitempty"`
}

type rdLocation struct {
	Path  string   `json:"path"`
	Range *rdRange `json:"range,omitempty"`
}

type rdRange struct {
	Start rdPosition  `json:"start"`
	End   *rdPosition `json:"end,omitempty"`
}

type rdPosition struct {
	Line   int `json:"line"`
	Column int `json:"column,omitempty"`
}

type rdSuggestion struct {
	Range rdRange `json:"range"`
	Text  string  `json:"text"`
}

type rdRelated struct {
	Message  string     `json:"message"`
	Location rdLocation `json:"location"`
}

// renderRDJSON prints the Reviewdog Diagnostic Format. A suggestion is applied on its own and belongs to the file of its
// diagnostic, so a fix becomes one suggestion, or none if it reaches into another file.
func renderRDJSON(r *run) ([]byte, error) {
	doc := rdReport{Source: rdSource{toolName, toolURL}, Diagnostics: []rdDiagnostic{}}
	for _, f := range r.findings {
		d := rdDiagnostic{
			Message:  f.Message,
			Location: rdLocationOf(f.Range),
			Severity: "WARNING",
			Code:     rdCode{f.Analyzer, r.url(f)},
		}
		switch r.level(f) {
		case "error":
			d.Severity = "ERROR"
		case "note":
			d.Severity = "INFO"
		}
		for _, fix := range f.Fixes {
			edit, ok := r.src.merge(fix)
			if !ok || edit.File != f.File {
				continue
			}
			if at, ok := r.src.editRange(edit); ok {
				d.Suggestions = append(d.Suggestions, rdSuggestion{*rdLocationOf(at).Range, edit.New})
			}
		}
		for _, rel := range f.Related {
			d.RelatedLocations = append(d.RelatedLocations, rdRelated{rel.Message, rdLocationOf(rel.Range)})
		}
		doc.Diagnostics = append(doc.Diagnostics, d)
	}
	return marshal(doc)
}

func rdLocationOf(r Range) rdLocation {
	loc := rdLocation{Path: r.File}
	if r.Line > 0 {
		loc.Range = &rdRange{Start: rdPosition{r.Line, r.Column}}
		if r.EndLine > 0 {
			loc.Range.End = &rdPosition{r.EndLine, r.EndColumn}
		}
	}
	return loc
}
