package driver

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers"
)

// IsVettool reports whether the arguments are those of the protocol between go vet and its tool.
func IsVettool(args []string) bool {
	for _, arg := range args {
		switch arg {
		case "-V=full", "--V=full", "-flags", "--flags":
			return true
		}
	}
	return len(args) > 0 && strings.HasSuffix(args[len(args)-1], ".cfg")
}

// Vettool returns the analyzers that unitchecker shall run and the arguments it shall see. It takes away the arguments that choose
// analyzers: unitchecker's own way to choose comes too late for the check of ignore directives, which requires all that run.
//
// A question (-V=full, -flags) is answered for all analyzers.
func Vettool(args []string) ([]*analysis.Analyzer, []string, error) {
	config := analyzers.Config()
	if last := len(args) - 1; last < 0 || !strings.HasSuffix(args[last], ".cfg") {
		return append(analyzers.Analyzers(analyzers.All()), config), args, nil
	}

	v := newVetFlags()
	if err := v.set.Parse(args); err != nil {
		return nil, nil, err
	}
	checks, err := v.selection()
	if err != nil {
		return nil, nil, err
	}
	list := append(analyzers.Analyzers(checks), config)
	if factsOnly(args[len(args)-1]) {
		list = append(analyzers.FactAnalyzers(checks), config)
	}
	rest := v.core
	if !slices.ContainsFunc(v.options, func(o string) bool { return strings.HasPrefix(o, "-"+config.Name+".run=") }) {
		// Called by go vet and not by conclint: go vet's own copylocks reports most of ours.
		v.options = slices.Insert(v.options, 0, "-copylock.vet=false")
	}
	for _, a := range list {
		for _, option := range v.options {
			if strings.HasPrefix(option, "-"+a.Name+".") {
				rest = append(rest, option)
			}
		}
	}
	return list, append(rest, v.set.Args()...), nil
}

// factsOnly reports whether the configuration asks for facts of a dependency and not for findings. unitchecker would run every analyzer
// that reads facts there, for nothing. A file that cannot be read is unitchecker's to complain about.
func factsOnly(cfg string) bool {
	data, err := os.ReadFile(cfg)
	if err != nil {
		return false
	}
	var c struct{ VetxOnly bool }
	return json.Unmarshal(data, &c) == nil && c.VetxOnly
}

// VetFlags registers the flags that choose analyzers in go vet's own command line, where unitchecker registers all others.
func VetFlags(set *flag.FlagSet) {
	set.String("enable", "", "run these analyzers too: names, families or all, separated by commas")
	set.String("disable", "", "do not run these analyzers: names, families or all, separated by commas")
}

// vetFlags understands what go vet hands to its tool.
type vetFlags struct {
	set                      *flag.FlagSet
	enable, disable          words
	enabledByName, allButOne words    // -NAME, -NAME=false
	options                  []string // -NAME.option=value
	core                     []string // what unitchecker understands whatever the analyzers are
}

func newVetFlags() *vetFlags {
	v := &vetFlags{set: flag.NewFlagSet("conclint", flag.ContinueOnError)}
	v.set.SetOutput(io.Discard)
	v.set.Var(&v.enable, "enable", "")
	v.set.Var(&v.disable, "disable", "")
	core := func(name string, isBool bool) {
		v.set.Var(&passed{name, isBool, &v.core}, name, "")
	}
	for _, name := range []string{"json", "fix", "diff", "source", "v", "all"} {
		core(name, true)
	}
	core("c", false)
	core("tags", false)

	for _, c := range analyzers.All() {
		name := c.Name
		v.set.BoolFunc(name, "", func(value string) error {
			on, err := strconv.ParseBool(value)
			if on {
				v.enabledByName = append(v.enabledByName, name)
			} else {
				v.allButOne = append(v.allButOne, name)
			}
			return err
		})
		passOptions(v.set, c.Analyzer, &v.options)
	}
	// Config reports nothing, so go vet's -conclint and -conclint=false mean nothing.
	v.set.Bool(analyzers.Config().Name, true, "")
	passOptions(v.set, analyzers.Config(), &v.options)
	return v
}

// selection chooses as go vet's users know it: if any -NAME is given, only those run; else if any -NAME=false is, all but those do.
func (v *vetFlags) selection() ([]*analyzers.Check, error) {
	enable, disable := []string(v.enable), []string(v.disable)
	if len(v.enabledByName) > 0 {
		enable = append(enable, v.enabledByName...)
		disable = append(disable, "all")
	} else {
		disable = append(disable, v.allButOne...)
	}
	return analyzers.Select(analyzers.Vettool, enable, disable)
}

// exactly returns the arguments that make the vettool run these checks and no others. They are part of go vet's cache key.
func exactly(checks []*analyzers.Check) []string {
	names := make([]string, len(checks))
	for i, c := range checks {
		names[i] = c.Name
	}
	slices.Sort(names)
	return []string{"-disable=all", "-enable=" + strings.Join(names, ",")}
}

// words is a flag for a list of words separated by commas, which may be given more than once.
type words []string

func (w *words) String() string { return "" }

func (w *words) Set(s string) error {
	for word := range strings.SplitSeq(s, ",") {
		if word = strings.TrimSpace(word); word != "" {
			*w = append(*w, word)
		}
	}
	return nil
}

// passed is a flag that is handed on as it came.
type passed struct {
	name   string
	isBool bool
	dst    *[]string
}

func (p *passed) String() string   { return "" }
func (p *passed) IsBoolFlag() bool { return p.isBool }

func (p *passed) Set(s string) error {
	if p.isBool {
		if _, err := strconv.ParseBool(s); err != nil {
			return fmt.Errorf("want true or false")
		}
		if s == "true" {
			*p.dst = append(*p.dst, "-"+p.name)
			return nil
		}
	}
	*p.dst = append(*p.dst, "-"+p.name+"="+s)
	return nil
}

// passOptions registers the options of an analyzer, to be handed on.
func passOptions(set *flag.FlagSet, a *analysis.Analyzer, dst *[]string) {
	a.Flags.VisitAll(func(f *flag.Flag) {
		b, ok := f.Value.(interface{ IsBoolFlag() bool })
		name := a.Name + "." + f.Name
		set.Var(&passed{name, ok && b.IsBoolFlag(), dst}, name, f.Usage)
	})
}
