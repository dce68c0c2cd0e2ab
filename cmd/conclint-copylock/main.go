// Command conclint-copylock is a scratch tool.
package main

import (
	upstream "golang.org/x/tools/go/analysis/passes/copylock"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/conclint/conclint/analyzers"
	"github.com/conclint/conclint/analyzers/copylock"
)

func main() {
	unitchecker.Main(analyzers.Config(), copylock.Analyzer, upstream.Analyzer)
}
