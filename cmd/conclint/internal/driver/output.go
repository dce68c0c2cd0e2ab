package driver

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/conclint/conclint/analyzers"
	"github.com/conclint/conclint/cmd/conclint/internal/report"
)

// printer prints findings in all formats asked for.
type printer struct {
	env   Env
	opts  *options
	files map[string]*os.File
	shown int // findings, each counted once
}

// openOutputs opens the files before the work is done, but does not touch what is in them.
func openOutputs(env Env, opts *options) (*printer, error) {
	p := &printer{env: env, opts: opts, files: make(map[string]*os.File)}
	for _, o := range opts.outputs {
		if o.file == "-" {
			continue
		}
		path := o.file
		if !filepath.IsAbs(path) {
			path = filepath.Join(env.Dir, path)
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o666)
		if err != nil {
			p.close()
			return nil, fmt.Errorf("cannot write the report: %v", err)
		}
		p.files[o.file] = f
	}
	return p, nil
}

func (p *printer) close() {
	for _, f := range p.files {
		f.Close()
	}
}

// print writes all reports. Paths in text are relative to the working directory, those in other formats to base.
func (p *printer) print(findings []finding, base string) error {
	var errs []error
	p.shown = len(report.Dedupe(located(findings, base, within)))
	for _, o := range p.opts.outputs {
		list := located(findings, base, within)
		if o.format == "text" {
			list = located(findings, p.env.Dir, shorten)
		}
		var out bytes.Buffer
		w, err := report.New(o.format, &out, p.options(o))
		if err == nil {
			err = w.Write(report.Dedupe(list))
		}
		if err == nil {
			err = p.write(o.file, out.Bytes())
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (p *printer) write(file string, data []byte) error {
	if file == "-" {
		_, err := p.env.Stdout.Write(data)
		return err
	}
	f := p.files[file]
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		if err := f.Truncate(0); err != nil {
			return err
		}
	}
	if _, err := f.Write(data); err != nil {
		return err
	}
	err := f.Close()
	delete(p.files, file)
	return err
}

func (p *printer) options(o output) report.Options {
	return report.Options{
		Color:    o.file == "-" && p.opts.colored(p.env),
		Context:  p.opts.context,
		Witness:  p.opts.witness,
		Version:  Version(),
		Rules:    rules(),
		ReadFile: os.ReadFile,
	}
}

func (o *options) colored(env Env) bool {
	switch o.color {
	case "always":
		return true
	case "never":
		return false
	}
	return env.Getenv("NO_COLOR") == "" && isTerminal(env, env.Stdout)
}

// isTerminal reports whether w is a terminal that understands commands.
func isTerminal(env Env, w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || env.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&(fs.ModeDevice|fs.ModeCharDevice) == fs.ModeDevice|fs.ModeCharDevice
}

// within returns path relative to dir if it lies in it.
func within(path, dir string) string {
	rel, err := filepath.Rel(dir, path)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return path
	}
	return rel
}

// located returns the findings with paths to print, relative to dir in the manner of within or shorten.
func located(findings []finding, dir string, relative func(path, dir string) string) []finding {
	name := func(abs string) string {
		if abs == "" {
			return ""
		}
		return filepath.ToSlash(relative(abs, dir))
	}
	list := make([]finding, len(findings))
	for i, f := range findings {
		f.File = name(f.Abs)
		related := make([]report.Related, len(f.Related))
		for i, rel := range f.Related {
			rel.File = name(rel.Abs)
			related[i] = rel
		}
		f.Related = related
		witness := make([]report.Step, len(f.Witness))
		for i, st := range f.Witness {
			st.File = name(st.Abs)
			witness[i] = st
		}
		f.Witness = witness
		fixes := make([]report.Fix, len(f.Fixes))
		for i, fix := range f.Fixes {
			edits := make([]report.Edit, len(fix.Edits))
			for i, e := range fix.Edits {
				e.File = name(e.Abs)
				edits[i] = e
			}
			fixes[i] = report.Fix{Message: fix.Message, Edits: edits}
		}
		f.Fixes = fixes
		list[i] = f
	}
	return list
}

// rules describes all analyzers.
func rules() []report.Rule {
	var list []report.Rule
	for _, c := range analyzers.All() {
		list = append(list, report.Rule{
			Name:       c.Name,
			Summary:    c.Summary,
			Doc:        c.Markdown(),
			URL:        c.Analyzer.URL,
			Family:     string(c.Family),
			Default:    c.Default,
			Fixable:    c.Fixable,
			Level:      c.Level(),
			Categories: c.Categories,
		})
	}
	return list
}
