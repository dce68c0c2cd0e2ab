package bad

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
)

type order struct{ ID int }

// The other side hangs up, and Decode says so for ever.
func readOrders(conn net.Conn, take func(order)) {
	dec := json.NewDecoder(conn)
	for {
		var o order
		if err := dec.Decode(&o); err != nil { // want `dec\.Decode fails each time when there is no more to read, and the loop goes on \(line \d+\): it spins; leave it on io\.EOF`
			log.Println("cannot decode the order:", err)
			continue
		}
		take(o)
	}
}

// A file has an end, and so has a terminal.
func commands(in *bufio.Reader, run func(string)) {
	for {
		fmt.Print("> ")
		line, err := in.ReadString('\n') // want `in\.ReadString fails each time when there is no more to read`
		if err != nil {
			fmt.Println("cannot read:", err)
			continue
		}
		run(line)
	}
}

// The input ends before there was a number.
func askNumber() int {
	for {
		var n int
		_, err := fmt.Scanln(&n) // want `fmt\.Scanln fails each time when there is no more to read`
		if err != nil {
			fmt.Println("not a number")
			continue
		}
		return n
	}
}

// frames reads the length first.
func frames(r io.Reader, take func(byte)) {
	head := make([]byte, 1)
	for {
		if _, err := io.ReadFull(r, head); err != nil { // want `io\.ReadFull fails each time when there is no more to read`
			continue
		}
		take(head[0])
	}
}

type gateway struct{ ln net.Listener }

// The listener is closed by stop, which nobody tells accept of.
func (g *gateway) accept(serve func(net.Conn)) {
	for {
		conn, err := g.ln.Accept() // want `g\.ln\.Accept fails each time after the Close on line \d+, and the loop goes on \(line \d+\): it spins; leave it on net\.ErrClosed`
		if err != nil {
			log.Printf("accept: %v", err)
			continue
		}
		go serve(conn)
	}
}

func (g *gateway) stop() error { return g.ln.Close() }

// The end is looked at, and taken for a pause.
func tail(in *bufio.Reader, run func(string)) error {
	for {
		line, err := in.ReadString('\n') // want `in\.ReadString fails each time when there is no more to read`
		if err != nil {
			if errors.Is(err, io.EOF) {
				continue
			}
			return err
		}
		run(line)
	}
}
