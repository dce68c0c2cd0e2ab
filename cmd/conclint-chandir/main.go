// Command conclint-chandir is scratch.
package main

import (
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/conclint/conclint/analyzers"
	"github.com/conclint/conclint/analyzers/chandir"
)

func main() { unitchecker.Main(chandir.Analyzer, analyzers.Config()) }
