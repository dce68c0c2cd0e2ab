// Command conclint-locks is a scratch vettool.
package main

import (
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/conclint/conclint/analyzers"
	"github.com/conclint/conclint/analyzers/doublelock"
	"github.com/conclint/conclint/analyzers/internal/lockset"
	"github.com/conclint/conclint/analyzers/lockmismatch"
	"github.com/conclint/conclint/analyzers/missingunlock"
)

func main() {
	unitchecker.Main(missingunlock.Analyzer, doublelock.Analyzer, lockmismatch.Analyzer, lockset.Analyzer, analyzers.Config())
}
