// Package raceflag finds modules whose tests never run with the race detector.
//
// # Analyzer raceflag
//
// raceflag: check that a module that starts goroutines is tested with the race detector somewhere
//
// A data race rarely shows in the result of a test. The race detector sees
// it when it happens, but only if the tests are built with -race:
//
//	run: go test ./...
//
// One job, or one target that is run now and then, is enough:
//
//	run: go test -race ./...
//
// This check reads no Go packages but the files beside them: workflows of GitHub,
// GitLab and CircleCI, Jenkinsfiles, Makefiles, Taskfiles, justfiles, mage files,
// shell scripts and package.json. It is a part of the conclint command when that
// is run for a whole module (conclint ./...), not of go vet or golangci-lint. There is
// one finding for a module, at its first go test.
//
// To silence it, say why in a comment on that line or the line above:
//
//	# conclint:ignore raceflag the tests run on a board without the detector
//	run: go test ./...
//
// # no-race
//
// The module starts goroutines, runs go test, and nothing in these files has the
// flag: not in a command, a variable, a matrix or GOFLAGS. Commands that only run
// benchmarks or build for a platform without the race detector do not count, nor
// does a -race that is in a comment, printed, in go build, or in a variable that
// nobody uses. The detector needs cgo; where that is switched off the message says so.
//
// # Limits
//
// Nothing is said when tests are run by what is not in the repository: a workflow
// or template of another one, or a variable that is set outside. The files are
// read line by line; whether a job is ever run is not known. In a repository of
// several modules, files outside of a module count for it when they have the flag,
// and only then. Modules of a workspace are looked at when conclint is run in them.
package raceflag
