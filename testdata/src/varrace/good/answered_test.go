package good

import (
	"net"
	"testing"
)

type dialog struct{ greet func(net.Conn) error }

func (d *dialog) converse(conn net.Conn) error { return d.greet(conn) }

// The test is the client of what its goroutine serves: the answer comes after the write.
func TestAnswered(t *testing.T) {
	for _, d := range []*dialog{{}, {}} {
		called := false
		done := make(chan error, 1)
		t.Run("", func(t *testing.T) {
			ln, err := net.Listen("tcp", "localhost:0")
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				conn, err := ln.Accept()
				if err != nil {
					t.Error(err)
					return
				}
				called = true
				done <- d.converse(conn)
			}()
			if err := request(ln.Addr().String()); err != nil {
				t.Fatal(<-done)
			}
			if !called {
				t.Error("not called")
			}
		})
	}
}

func request(addr string) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	if _, err := conn.Write([]byte("hello")); err != nil {
		return err
	}
	_, err = conn.Read(make([]byte, 10))
	return err
}
