package good

// collect receives as often as the channel has room: once for each function.
func collect(funcs ...func() error) []error {
	errs := make(chan error, len(funcs))
	for _, f := range funcs {
		go func() { errs <- f() }()
	}
	var list []error
	for i := 0; i < cap(errs); i++ {
		if err := <-errs; err != nil {
			list = append(list, err)
		}
	}
	return list
}
