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

// A deferred function keeps the error.
type stream struct {
	once     sync.Once
	c        *client
	startErr error
}

func (s *stream) start(addr string) (c *client, err error) {
	defer func() {
		if err != nil {
			s.startErr = err
		}
	}()
	if s.startErr != nil {
		return nil, s.startErr
	}
	s.once.Do(func() {
		s.c, err = dial(addr)
	})
	return s.c, err
}

// A signer reads its key when it is first asked for it.
type signer struct {
	once sync.Once
	path string
	key  *client
	err  error
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

// Both the key and the error are kept.
func (s *signer) load() (*client, error) {
	s.once.Do(func() { s.err = s.read() })
	return s.key, s.err
}

// A mailer is made ready by whoever is first.
type mailer struct {
	once sync.Once
	c    *client
	err  error
}

func (m *mailer) connect() (err error) {
	m.c, err = dial("mail")
	return err
}

func (m *mailer) ready() error {
	m.once.Do(func() { m.err = m.connect() })
	return m.err
}

func (m *mailer) send() (string, error) {
	if err := m.ready(); err != nil {
		return "", err
	}
	return m.c.addr, nil
}

// A journal is ended by the first who ends it, who gets the error.
type journal struct {
	once  sync.Once
	c     *client
	lines int
	last  string
}

func (j *journal) flush() error {
	j.last = j.c.addr
	j.lines++
	return j.c.close()
}

func (j *journal) end() error {
	var err error
	j.once.Do(func() { err = j.flush() })
	return err
}

// What Do has stored is not what is used then.
func (j *journal) endAll(others []*journal) (int, error) {
	for _, o := range others {
		if err := o.end(); err != nil {
			return 0, err
		}
	}
	return len(others), j.end()
}

// A resolver keeps the error where it is made.
type resolver struct {
	once sync.Once
	c    *client
	err  error
}

func (r *resolver) connect() error {
	r.c, r.err = dial("names")
	return r.err
}

func (r *resolver) client() (*client, error) {
	var err error
	r.once.Do(func() { err = r.connect() })
	if r.err != nil {
		return nil, r.err
	}
	return r.c, err
}
