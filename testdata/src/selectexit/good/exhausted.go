package good

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"time"
)

type order struct{ ID int }

// readOrders ends with the connection.
func readOrders(conn net.Conn, take func(order)) {
	dec := json.NewDecoder(conn)
	for {
		var o order
		if err := dec.Decode(&o); err != nil {
			log.Println("cannot decode the order:", err)
			return
		}
		take(o)
	}
}

// readAgain begins with another connection.
func readAgain(dial func() net.Conn, take func(order)) {
	for {
		dec := json.NewDecoder(dial())
		var o order
		if err := dec.Decode(&o); err != nil {
			log.Println("cannot decode the order:", err)
			continue
		}
		take(o)
	}
}

// commands ends with the file.
func commands(in *bufio.Reader, run func(string)) {
	for {
		fmt.Print("> ")
		line, err := in.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			fmt.Println("cannot read:", err)
			continue
		}
		run(line)
	}
}

// follow waits for more.
func follow(in *bufio.Reader, run func(string)) {
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			time.Sleep(time.Second)
			continue
		}
		run(line)
	}
}

// followSlowly waits before each line.
func followSlowly(in *bufio.Reader, run func(string)) {
	for {
		time.Sleep(time.Second)
		line, err := in.ReadString('\n')
		if err != nil {
			continue
		}
		run(line)
	}
}

// askNumber asks three times.
func askNumber() int {
	for range 3 {
		var n int
		_, err := fmt.Scanln(&n)
		if err != nil {
			fmt.Println("not a number")
			continue
		}
		return n
	}
	return 0
}

// frames ends with the stream.
func frames(r io.Reader, take func(byte)) {
	head := make([]byte, 1)
	for {
		if _, err := io.ReadFull(r, head); err != nil {
			return
		}
		take(head[0])
	}
}

// parse goes on with the next text, which is another reader.
func parse(texts []io.Reader, take func(byte)) {
	head := make([]byte, 1)
	i := 0
	for {
		r := texts[i]
		i++
		if _, err := io.ReadFull(r, head); err != nil {
			continue
		}
		take(head[0])
	}
}

type gateway struct{ ln net.Listener }

// accept ends when the listener is closed.
func (g *gateway) accept(serve func(net.Conn)) {
	for {
		conn, err := g.ln.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			log.Printf("accept: %v", err)
			continue
		}
		go serve(conn)
	}
}

func (g *gateway) stop() error { return g.ln.Close() }

type daemon struct{ ln net.Listener }

// serveAlways has a listener that is closed only when the process ends.
func (d *daemon) serveAlways(serve func(net.Conn)) {
	defer d.ln.Close()
	for {
		conn, err := d.ln.Accept()
		if err != nil {
			log.Printf("accept: %v", err)
			continue
		}
		go serve(conn)
	}
}

func (d *daemon) onInterrupt() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	<-c
	d.ln.Close()
	os.Exit(1)
}

// tail waits for more at the end.
func tail(in *bufio.Reader, run func(string)) error {
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			if errors.Is(err, io.EOF) {
				time.Sleep(time.Second)
				continue
			}
			return err
		}
		run(line)
	}
}

// acceptTooMany goes on when there are too many connections only.
func acceptTooMany(dec *json.Decoder, tooMany error, take func(order)) error {
	for {
		var o order
		err := dec.Decode(&o)
		if errors.Is(err, tooMany) {
			continue
		}
		if err != nil {
			return err
		}
		take(o)
	}
}
