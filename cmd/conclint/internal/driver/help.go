package driver

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/doc/comment"
	"io"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/conclint/conclint/analyzers"
)

//go:embed help.txt
var helpText string

func help(env Env) error {
	_, err := io.WriteString(env.Stdout, helpText)
	return err
}

// Version returns conclint's version, such as "v1.2.3" or "(devel)".
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(devel)"
	}
	return cmp.Or(info.Main.Version, "(devel)")
}

func printVersion(env Env) error {
	revision := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = " " + s.Value[:min(12, len(s.Value))]
			}
		}
	}
	_, err := fmt.Fprintf(env.Stdout, "conclint %s%s built with %s for %s/%s\n", Version(), revision, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// A listEntry is what "conclint list -format json" tells of an analyzer.
type listEntry struct {
	Name       string   `json:"name"`
	Family     string   `json:"family"`
	Default    bool     `json:"default"`
	Fixable    bool     `json:"fixable"`
	Summary    string   `json:"summary"`
	Categories []string `json:"categories,omitempty"`
	URL        string   `json:"url"`
}

// list prints all analyzers, as a table or as JSON.
func list(env Env, args []string) error {
	set := flag.NewFlagSet("list", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	format := set.String("format", "text", "")
	if err := set.Parse(args); errors.Is(err, flag.ErrHelp) {
		return help(env)
	} else if err != nil {
		return fmt.Errorf("list: %v", err)
	}
	if set.NArg() > 0 {
		return fmt.Errorf("conclint list takes no arguments; write ./%s for a package of this name, conclint explain NAME for one analyzer", "list")
	}
	switch *format {
	case "json":
		entries := []listEntry{}
		for _, c := range analyzers.All() {
			entries = append(entries, listEntry{c.Name, string(c.Family), c.Default, c.Fixable, c.Summary, c.Categories, c.Analyzer.URL})
		}
		enc := json.NewEncoder(env.Stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(entries)
	case "text":
		w := tabwriter.NewWriter(env.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "NAME\tFAMILY\tDEFAULT\tFIXABLE\tWHAT IT DOES")
		for _, c := range analyzers.All() {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", c.Name, c.Family, onOff(c.Default), yesNo(c.Fixable), c.Summary)
		}
		return w.Flush()
	}
	return fmt.Errorf("list: the format is text or json, not %q", *format)
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// explain prints the pages of analyzers.
func explain(env Env, names []string) error {
	if len(names) == 0 {
		return fmt.Errorf("conclint explain needs the name of an analyzer; conclint list shows them")
	}
	for i, name := range names {
		c, err := analyzers.Lookup(name)
		if err != nil {
			return err
		}
		if i > 0 {
			fmt.Fprintln(env.Stdout)
		}
		if err := page(env, c); err != nil {
			return err
		}
	}
	return nil
}

func page(env Env, c *analyzers.Check) error {
	width, err := strconv.Atoi(env.Getenv("COLUMNS"))
	if err != nil || width < 40 {
		width = 80
	}
	var p comment.Parser
	printer := comment.Printer{TextWidth: min(width, 100), TextCodePrefix: "    "}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", c.Name, c.Summary)
	b.Write(printer.Text(p.Parse(c.Text)))
	fmt.Fprintf(&b, "\nfamily:     %s\ndefault:    %s\nfixable:    %s\n", c.Family, onOff(c.Default), yesNo(c.Fixable))
	if len(c.Categories) > 0 {
		fmt.Fprintf(&b, "categories: %s\n", strings.Join(c.Categories, ", "))
	}
	if c.Analyzer.URL != "" {
		fmt.Fprintf(&b, "page:       %s\n", c.Analyzer.URL)
	}
	_, err = io.WriteString(env.Stdout, b.String())
	return err
}
