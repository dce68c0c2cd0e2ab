package good

import "sync"

type client struct{ addr string }

func (c *client) close() error { return nil }

func dial(addr string) (*client, error) {
	if addr == "" {
		return nil, errDial
	}
	return &client{addr}, nil
}

var (
	sharedOnce sync.Once
	shared     *client
	sharedErr  error
)

func sharedClient() (*client, error) {
	sharedOnce.Do(func() {
		shared, sharedErr = dial("example.org")
	})
	return shared, sharedErr
}

type service struct {
	once      sync.Once
	closeOnce sync.Once
	c         *client
}

// Who comes later sees that there is no client.
func (s *service) client(addr string) (*client, error) {
	var err error
	s.once.Do(func() {
		s.c, err = dial(addr)
	})
	if s.c == nil && err == nil {
		err = errDial
	}
	return s.c, err
}

// The error of Close is for the first who closes.
func (s *service) Close() (err error) {
	s.closeOnce.Do(func() {
		err = s.c.close()
	})
	return err
}

var (
	valueOnce sync.Once
	value     *int
	valueErr  error
)

// The error goes by way of a variable of its own.
func getValue(make func() (*int, error)) (*int, error) {
	valueOnce.Do(func() {
		v, e := make()
		if e != nil {
			valueErr = e
			return
		}
		value = v
	})
	return value, valueErr
}
