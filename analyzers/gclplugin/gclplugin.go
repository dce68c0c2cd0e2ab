// Package gclplugin is the golangci-lint door: a module plugin.
//
// golangci-lint is built with it by `golangci-lint custom` and the file
// .custom-gcl.yml; it then knows a linter by the name of conclint:
//
//	linters:
//	  enable: [conclint]
//	  settings:
//	    custom:
//	      conclint:
//	        type: module
//	        settings:
//	          disable: [chandir]
//
// Two habits of golangci-lint are met here. It brings the passes of go vet
// itself, so those are off unless enabled by name. It shows each related
// position as an issue of its own, so none are attached; messages name the
// counterpart in their text.
package gclplugin

import (
	"fmt"
	"strconv"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers"
	"github.com/conclint/conclint/analyzers/copylock"
)

// golangci-lint finds plugins by what they register when they are linked in.
func init() { register.Plugin("conclint", New) }

// Settings is what stands below linters.settings.custom.conclint.settings in
// .golangci.yml.
type Settings struct {
	// Enable switches analyzers on: names, families, or "all".
	Enable []string `json:"enable"`
	// Disable switches analyzers off, and wins over a family in Enable.
	Disable []string `json:"disable"`
	// Generated reports on generated files too. golangci-lint drops these
	// findings again unless linters.exclusions.generated is "disable".
	Generated bool `json:"generated"`
}

type plugin struct{ settings Settings }

// New makes the plugin from the settings of .golangci.yml. Unknown keys and
// unknown analyzers are errors.
func New(conf any) (register.LinterPlugin, error) {
	settings, err := register.DecodeSettings[Settings](conf)
	if err != nil {
		return nil, fmt.Errorf("settings of conclint: %w", err)
	}
	if _, err := analyzers.Select(analyzers.Golangci, settings.Enable, settings.Disable); err != nil {
		return nil, fmt.Errorf("settings of conclint: %w", err)
	}
	return &plugin{settings}, nil
}

// BuildAnalyzers returns the analyzers that the settings select.
func (p *plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	checks, err := analyzers.Select(analyzers.Golangci, p.settings.Enable, p.settings.Disable)
	if err != nil {
		return nil, err
	}
	flags := &analyzers.Config().Flags
	if err := flags.Set("related", "false"); err != nil {
		return nil, err
	}
	if err := flags.Set("generated", strconv.FormatBool(p.settings.Generated)); err != nil {
		return nil, err
	}
	// govet's copylocks reports the rest.
	if err := copylock.Analyzer.Flags.Set("vet", "false"); err != nil {
		return nil, err
	}
	return analyzers.Analyzers(checks), nil
}

// GetLoadMode says that the analyzers need types.
func (p *plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
