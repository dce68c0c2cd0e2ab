// Command golangci is golangci-lint with conclint as a plugin.
//
// It is what `golangci-lint custom` builds from .custom-gcl.yml, without the
// git clone that it makes. CI lints this project with it and compares its
// findings with those of the conclint command.
package main

import (
	"fmt"
	"os"
	"runtime"

	"github.com/golangci/golangci-lint/v2/pkg/commands"
	"github.com/golangci/golangci-lint/v2/pkg/exitcodes"

	_ "github.com/conclint/conclint/analyzers/gclplugin"
)

func main() {
	// With this version golangci-lint keys its cache by the content of the
	// binary, and so by that of the plugin.
	info := commands.BuildInfo{Version: "(devel)", Commit: "?", GoVersion: runtime.Version(), Date: "(unknown)"}
	if err := commands.Execute(info); err != nil {
		fmt.Fprintf(os.Stderr, "golangci-lint: %v\n", err)
		os.Exit(exitcodes.Failure)
	}
}
