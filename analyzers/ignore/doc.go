// Package ignore checks the directives that silence the other analyzers.
//
// # Analyzer ignore
//
// ignore: check that //conclint:ignore directives are well formed and needed
//
// A finding that is intended is silenced where it stands, with the reason:
//
//	//conclint:ignore selectexit the heartbeat lives as long as the process
//	go beat(conn)
//
// A directive names one or more analyzers, or families, separated by commas
// and without spaces. It covers the line it ends; on a line of its own, the
// line below; as part of the doc comment of a function, type, variable or
// field, the whole declaration. golangci-lint's //nolint:conclint is honoured
// as well, and left to golangci-lint's own check.
//
// # no-reason
//
// A directive without a reason silences nothing. Those who read the code next
// need to know why the finding does not hold:
//
//	mu.Lock() //conclint:ignore missingunlock
//
// Write down what the analyzer cannot see:
//
//	mu.Lock() //conclint:ignore missingunlock released by the callback of flush
//
// # unknown-name
//
// The directive names no analyzer and no family of conclint. The nearest name
// is offered as a fix.
//
// # useless
//
// The directive matches no finding: the code was repaired, or moved away from
// it. It would hide the next mistake on that line. The fix removes it. Only
// directives whose analyzers have all run are judged.
//
// # Limits
//
// Directives in generated files are not judged, and neither are those of
// //nolint.
package ignore
