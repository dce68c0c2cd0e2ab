module github.com/conclint/conclint

go 1.26.0

// Why each is here: docs/contributing.md.
require (
	github.com/golangci/plugin-module-register v0.1.2 // the golangci-lint door
	golang.org/x/tools v0.52.0 // the analysis framework
)

require (
	golang.org/x/mod v0.42.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
)
