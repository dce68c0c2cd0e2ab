package shared

// An Unguarded is an access without the lock that guards the variable.
type Unguarded struct{}

func (s *Set) findUnguarded() {}
