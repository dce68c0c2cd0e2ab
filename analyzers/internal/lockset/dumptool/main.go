// Command dumptool is a scratch vettool.
package main

import (
	"encoding/json"
	"os"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/conclint/conclint/analyzers"
	"github.com/conclint/conclint/analyzers/doublelock"
	"github.com/conclint/conclint/analyzers/internal/lockset"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
	"github.com/conclint/conclint/analyzers/lockblock"
	"github.com/conclint/conclint/analyzers/lockmismatch"
	"github.com/conclint/conclint/analyzers/lockorder"
	"github.com/conclint/conclint/analyzers/missingunlock"
	"github.com/conclint/conclint/analyzers/uselesslock"
)

func main() {
	list := []*analysis.Analyzer{lockblock.Analyzer, uselesslock.Analyzer, lockorder.Analyzer, missingunlock.Analyzer, doublelock.Analyzer, lockmismatch.Analyzer, skeleton.Analyzer, lockset.Analyzer, analyzers.Config()}
	if last := os.Args[len(os.Args)-1]; strings.HasSuffix(last, ".cfg") {
		data, _ := os.ReadFile(last)
		var cfg struct{ VetxOnly bool }
		json.Unmarshal(data, &cfg)
		if cfg.VetxOnly {
			list = []*analysis.Analyzer{skeleton.Analyzer}
			os.Args = []string{os.Args[0], last}
		}
	}
	unitchecker.Main(list...)
}
