package bad

import "sync"

type client struct{ addr string }

func dial(addr string) (*client, error) {
	if addr == "" {
		return nil, errDial
	}
	return &client{addr}, nil
}

var (
	sharedOnce sync.Once
	shared     *client
)

// From the second call on, Do does nothing and err is nil.
func sharedClient() (*client, error) {
	var err error
	sharedOnce.Do(func() { // want `err set in sharedOnce.Do is seen by the first caller only: after a failure all others get shared as it is and no error; keep the error too`
		shared, err = dial("example.org")
	})
	return shared, err
}

type service struct {
	once sync.Once
	c    *client
}

// The same with a field and a branch.
func (s *service) client(addr string) (*client, error) {
	var err error
	s.once.Do(func() { // want `err set in s.once.Do is seen by the first caller only: after a failure all others get s.c as it is and no error; keep the error too`
		s.c, err = dial(addr)
	})
	if err != nil {
		return nil, err
	}
	return s.c, nil
}

var (
	valueOnce sync.Once
	value     *int
)

// The error goes by way of a variable of its own.
func getValue(make func() (*int, error)) (*int, error) {
	var err error
	valueOnce.Do(func() { // want `err set in valueOnce.Do is seen by the first caller only`
		v, e := make()
		if e != nil {
			err = e
			return
		}
		value = v
	})
	return value, err
}

// A signer reads its key when it is first asked for it.
type signer struct {
	once sync.Once
	path string
	key  *client
}

func (s *signer) read() error {
	c, err := dial(s.path)
	if err != nil {
		return err
	}
	s.keep(c)
	return nil
}

func (s *signer) keep(c *client) { s.key = c }

// The method keeps the key, and not the error.
func (s *signer) load() (*client, error) {
	var err error
	s.once.Do(func() { err = s.read() }) // want `err set in s.once.Do is seen by the first caller only: after a failure all others get s.key as it is and no error; keep the error too`
	return s.key, err
}

// A mailer is made ready by whoever is first.
type mailer struct {
	once sync.Once
	c    *client
}

func (m *mailer) connect() (err error) {
	m.c, err = dial("mail")
	return err
}

func (m *mailer) ready() error {
	var err error
	m.once.Do(func() { err = m.connect() }) // want `err set in m.once.Do is seen by the first caller only: after a failure all others get m.c as it is and no error; keep the error too`
	return err
}

func (m *mailer) send() (string, error) {
	if err := m.ready(); err != nil {
		return "", err
	}
	return m.c.addr, nil
}
