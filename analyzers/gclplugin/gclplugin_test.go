package gclplugin_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"

	"github.com/conclint/conclint/analyzers"
	_ "github.com/conclint/conclint/analyzers/gclplugin"
)

type settings = map[string]any

func names(t *testing.T, conf any) []string {
	t.Helper()
	newPlugin, err := register.GetPlugin("conclint")
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPlugin(conf)
	if err != nil {
		t.Fatal(err)
	}
	if mode := p.GetLoadMode(); mode != register.LoadModeTypesInfo {
		t.Errorf("load mode %q: the analyzers need types", mode)
	}
	list, err := p.BuildAnalyzers()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, a := range list {
		names = append(names, a.Name)
	}
	return names
}

func option(name string) string { return analyzers.Config().Flags.Lookup(name).Value.String() }

func TestDefaults(t *testing.T) {
	got := names(t, nil)
	if !slices.Contains(got, "ignore") {
		t.Errorf("ignore is off by default: %q", got)
	}
	for _, c := range analyzers.All() {
		if want := c.Default && !c.InGolangci && !c.DriverOnly; slices.Contains(got, c.Name) != want {
			t.Errorf("%s: on is %t, want %t", c.Name, !want, want)
		}
	}
	if option("related") != "false" {
		t.Error("related positions are attached; golangci-lint would show each as an issue")
	}
}

func TestSwitches(t *testing.T) {
	got := names(t, settings{"enable": []string{"lostcancel"}, "disable": []any{"ignore"}})
	if !slices.Contains(got, "lostcancel") {
		t.Errorf("lostcancel is enabled but absent: %q", got)
	}
	if slices.Contains(got, "ignore") {
		t.Errorf("ignore is disabled but present: %q", got)
	}
	if got := names(t, settings{"disable": []string{"all"}}); len(got) > 0 {
		t.Errorf("all are disabled, yet %q run", got)
	}
}

func TestGenerated(t *testing.T) {
	names(t, settings{"generated": true})
	if option("generated") != "true" {
		t.Error("the setting does not reach the analyzers")
	}
	names(t, settings{})
	if option("generated") != "false" {
		t.Error("the setting is not taken back")
	}
}

func TestErrors(t *testing.T) {
	newPlugin, err := register.GetPlugin("conclint")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		conf settings
		want string
	}{
		{"unknown analyzer", settings{"enable": []string{"lostcancle"}}, "did you mean lostcancel?"},
		{"unknown family", settings{"disable": []string{"lock"}}, "did you mean locks?"},
		{"unknown key", settings{"enabled": []string{"all"}}, `unknown field "enabled"`},
		{"wrong type", settings{"generated": "sometimes"}, "generated"},
	} {
		_, err := newPlugin(test.conf)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.name, err, test.want)
		}
	}
}
