// Package require has helpers that end the test, as testify's does.
package require

// T is what the helpers want of a test.
type T interface {
	Errorf(format string, args ...any)
	FailNow()
}

// NoError ends the test if err is not nil.
func NoError(t T, err error) {
	if h, ok := t.(interface{ Helper() }); ok {
		h.Helper()
	}
	if err != nil {
		t.Errorf("unexpected: %v", err)
		t.FailNow()
	}
}

// Check only marks the test as failed.
func Check(t T, err error) bool {
	if err != nil {
		t.Errorf("unexpected: %v", err)
	}
	return err == nil
}

// Assertions is a test with the helpers as methods.
type Assertions struct{ t T }

// New returns the assertions of a test.
func New(t T) *Assertions { return &Assertions{t} }

// NoError ends the test if err is not nil.
func (a *Assertions) NoError(err error) { NoError(a.t, err) }
