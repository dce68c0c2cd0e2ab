// Command conclint finds concurrency mistakes in Go programs.
package main

import (
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/conclint/conclint/analyzers"
)

func main() {
	checks, err := analyzers.Select(analyzers.Vettool, nil, nil)
	if err != nil {
		panic(err)
	}
	unitchecker.Main(append(analyzers.Analyzers(checks), analyzers.Config())...)
}
