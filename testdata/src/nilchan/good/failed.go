package good

import "errors"

type source struct {
	open func(name string) (chan int, error)
	gone bool
}

// Beside an error there is no channel, and who gets it does not receive.
func (s *source) stream(name string) (<-chan int, error) {
	if s.gone {
		return nil, s.explain(name)
	}
	ch, err := s.open(name)
	if err != nil {
		return nil, errors.Join(errors.New(name), err)
	}
	return ch, nil
}

func (s *source) explain(name string) error { return errors.Join(errors.New(name)) }

func (s *source) sum(name string) (int, error) {
	quit := make(chan struct{})
	defer close(quit)
	go func() { <-quit }()
	ch, err := s.stream(name)
	if err != nil {
		return 0, err
	}
	n := 0
	for x := range ch {
		n += x
	}
	return n, nil
}
