package main

import (
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/conclint/conclint/analyzers"
	"github.com/conclint/conclint/analyzers/selectexit"
)

func main() { unitchecker.Main(selectexit.Analyzer, analyzers.Config()) }
