package report

import (
	"cmp"
	"strings"
)

// A gitlabIssue is an entry of a GitLab Code Quality report, which is a subset of Code Climate's format.
type gitlabIssue struct {
	Type        string         `json:"type"`
	CheckName   string         `json:"check_name"`
	Description string         `json:"description"`
	Categories  []string       `json:"categories"`
	Severity    string         `json:"severity"`
	Fingerprint string         `json:"fingerprint"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path      string           `json:"path"`
	Lines     gitlabLines      `json:"lines"`
	Positions *gitlabPositions `json:"positions,omitempty"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
	End   int `json:"end,omitempty"`
}

type gitlabPositions struct {
	Begin gitlabPosition `json:"begin"`
	End   gitlabPosition `json:"end"`
}

type gitlabPosition struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// renderGitLab prints a Code Quality report. GitLab wants a path and a line of every issue, so a finding without them gets the
// root and the first line.
func renderGitLab(r *run) ([]byte, error) {
	issues := []gitlabIssue{}
	prints := r.fingerprints()
	for i, f := range r.findings {
		severity := "minor"
		switch r.level(f) {
		case "error":
			severity = "major"
		case "note":
			severity = "info"
		}
		at := r.src.utf16(f.Range)
		loc := gitlabLocation{
			Path:  cmp.Or(strings.TrimPrefix(at.File, "./"), "."),
			Lines: gitlabLines{max(1, at.Line), at.EndLine},
		}
		if at.Line > 0 && at.Column > 0 && at.EndLine > 0 && at.EndColumn > 0 {
			loc.Positions = &gitlabPositions{gitlabPosition{at.Line, at.Column}, gitlabPosition{at.EndLine, at.EndColumn}}
		}
		issues = append(issues, gitlabIssue{
			Type:        "issue",
			CheckName:   f.Analyzer,
			Description: f.Message,
			Categories:  []string{"Bug Risk"},
			Severity:    severity,
			Fingerprint: prints[i],
			Location:    loc,
		})
	}
	return marshal(issues)
}
