package good

import (
	"bufio"
	"log"
	"net"
	"time"
)

type redialer struct {
	addr string
	conn net.Conn
}

func (r *redialer) Read(p []byte) (int, error) {
	for r.conn == nil {
		var err error
		if r.conn, err = net.Dial("tcp", r.addr); err != nil {
			r.conn = nil
			time.Sleep(time.Second)
		}
	}
	n, err := r.conn.Read(p)
	if err != nil {
		r.conn.Close()
		r.conn = nil // the next Read connects again
	}
	return n, err
}

func listenLines(addr string, line func(string)) {
	br := bufio.NewReader(&redialer{addr: addr})
	for {
		s, err := br.ReadString('\n')
		if err != nil {
			log.Print(err)
			continue
		}
		line(s)
	}
}
