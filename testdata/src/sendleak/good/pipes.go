package good

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"sync"
)

type vault interface {
	Keep(name string, r io.Reader) error
}

type shelf struct {
	full  bool
	boxes map[string][]byte
}

// Keep refuses what does not fit, and has read nothing then.
func (s *shelf) Keep(name string, r io.Reader) error {
	if s.full {
		return errors.New("full")
	}
	box, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.boxes[name] = box
	return nil
}

func keepRefused(v vault, name string, fill func(io.Writer) error) error {
	pr, pw := io.Pipe()
	go func() {
		pw.CloseWithError(fill(pw))
	}()
	err := v.Keep(name, pr)
	pr.CloseWithError(err)
	if err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	return nil
}

func (s *shelf) keepLines(name string, lines []string) error {
	pr, pw := io.Pipe()
	go func() {
		defer pw.Close()
		for _, l := range lines {
			fmt.Fprintln(pw, l)
		}
	}()
	defer pr.Close()
	return s.Keep(name, pr)
}

func returnsBeforeReading(open func() (io.WriteCloser, error), fill func(io.Writer) error) error {
	pr, pw := io.Pipe()
	var wg sync.WaitGroup
	wg.Go(func() {
		pw.CloseWithError(fill(pw))
	})
	defer pr.Close()
	out, err := open()
	if err != nil {
		return err
	}
	defer out.Close()
	_, err = io.Copy(out, pr)
	return err
}

func copyFails(out io.Writer, fill func(io.Writer) error) (int64, error) {
	pr, pw := io.Pipe()
	go func() {
		pw.CloseWithError(fill(pw))
	}()
	n, err := io.Copy(out, pr)
	if err != nil {
		pr.CloseWithError(err)
		return n, err
	}
	return n, nil
}

func decodeFails(src io.Reader, take func(map[string]any)) error {
	pr, pw := io.Pipe()
	buf := bufio.NewWriter(pw)
	go relay(buf, pw, src)
	dec := json.NewDecoder(bufio.NewReader(pr))
	for {
		var m map[string]any
		if err := dec.Decode(&m); err != nil {
			if err == io.EOF {
				return nil
			}
			pr.CloseWithError(err)
			return err
		}
		take(m)
	}
}

func relay(buf *bufio.Writer, c io.Closer, src io.Reader) {
	defer c.Close()
	defer buf.Flush()
	io.Copy(buf, src)
}

// recode decodes what was encoded, which is right until the end.
func recode(events []map[string]any, take func(map[string]any)) error {
	pr, pw := io.Pipe()
	go func() {
		enc := json.NewEncoder(pw)
		for _, m := range events {
			if err := enc.Encode(m); err != nil {
				pw.CloseWithError(err)
				return
			}
		}
		pw.Close()
	}()
	dec := json.NewDecoder(pr)
	for {
		var m map[string]any
		if err := dec.Decode(&m); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		take(m)
	}
}

// export hands the reader to its caller.
func export(fill func(io.Writer) error) io.ReadCloser {
	pr, pw := io.Pipe()
	go func() { pw.CloseWithError(fill(pw)) }()
	return pr
}

// upload leaves it to the client, which closes a body.
func upload(ctx context.Context, url string, fill func(io.Writer) error) error {
	pr, pw := io.Pipe()
	go func() { pw.CloseWithError(fill(pw)) }()
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, url, pr)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// unpack gives it to a process.
func unpack(ctx context.Context, fill func(io.Writer) error) error {
	pr, pw := io.Pipe()
	cmd := exec.CommandContext(ctx, "tar", "x")
	cmd.Stdin = pr
	go func() { pw.CloseWithError(fill(pw)) }()
	return cmd.Run()
}

// hashAll reads to the end: only the writer can fail.
func hashAll(fill func(io.Writer) error) ([]byte, error) {
	pr, pw := io.Pipe()
	go func() { pw.CloseWithError(fill(pw)) }()
	h := sha256.New()
	if _, err := io.Copy(h, pr); err != nil {
		return nil, err
	}
	return h.Sum(nil), nil
}

// readAll does so through a function that comes back with all of it read.
func (s *shelf) readAll(fill func(io.Writer) error) error {
	pr, pw := io.Pipe()
	go func() { pw.CloseWithError(fill(pw)) }()
	if err := s.load(pr); err != nil {
		return err
	}
	return nil
}

func (s *shelf) load(r io.Reader) error {
	all, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(all, []byte("box")) {
		return errors.New("no box")
	}
	s.boxes["loaded"] = all
	return nil
}

// header fails only when the writer has ended.
func header(fill func(io.Writer) error) ([]byte, error) {
	pr, pw := io.Pipe()
	go func() { pw.CloseWithError(fill(pw)) }()
	h := make([]byte, 8)
	if _, err := io.ReadFull(pr, h); err != nil {
		return nil, err
	}
	_, err := io.Copy(io.Discard, pr)
	return h, err
}

// canceled closes the reader when the context is done.
func canceled(ctx context.Context, v vault, fill func(io.Writer) error) error {
	pr, pw := io.Pipe()
	stop := context.AfterFunc(ctx, func() { pr.CloseWithError(ctx.Err()) })
	defer stop()
	go func() { pw.CloseWithError(fill(pw)) }()
	return v.Keep("canceled", pr)
}

// writerClosed closes the other end, which does as well.
func writerClosed(v vault, fill func(io.Writer) error) error {
	pr, pw := io.Pipe()
	defer pw.Close()
	go func() { pw.CloseWithError(fill(pw)) }()
	return v.Keep("closed", pr)
}

// deferredLiteral closes it only when something went wrong.
func deferredLiteral(v vault, fill func(io.Writer) error) (err error) {
	pr, pw := io.Pipe()
	defer func() {
		if err != nil {
			pr.CloseWithError(err)
		}
	}()
	go func() { pw.CloseWithError(fill(pw)) }()
	return v.Keep("deferred", pr)
}

// safe closes what it is given.
type safe struct{}

func (safe) put(r io.Reader) error {
	if c, ok := r.(io.Closer); ok {
		defer c.Close()
	}
	return errors.New("locked")
}

func putSafe(s safe, fill func(io.Writer) error) error {
	pr, pw := io.Pipe()
	go func() { pw.CloseWithError(fill(pw)) }()
	return s.put(pr)
}

// writerFirst hears from the writer, which has ended then.
func writerFirst(out io.Writer, fill func(io.Writer) error) error {
	pr, pw := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := fill(pw)
		pw.CloseWithError(err)
		ended <- err
	}()
	select {
	case err := <-ended:
		return err
	default:
	}
	defer pr.Close()
	_, err := io.Copy(out, pr)
	return err
}

// given hands it to a function that is not seen, which may close it.
func given(put func(io.ReadCloser) error, fill func(io.Writer) error) error {
	pr, pw := io.Pipe()
	go func() { pw.CloseWithError(fill(pw)) }()
	return put(pr)
}

type console struct{ in io.Reader }

func (s *console) run() error { _, err := io.Copy(io.Discard, s.in); return err }

// attach closes the reader by the name that it has for it.
func attach(stdin io.Reader, prepare func() error) error {
	var in io.ReadCloser
	if stdin != nil {
		r, w := io.Pipe()
		go func() {
			defer w.Close()
			io.Copy(w, stdin)
		}()
		in = r
	}
	if err := prepare(); err != nil {
		if in != nil {
			in.Close()
		}
		return err
	}
	s := &console{in: in}
	return s.run()
}

// attachLate starts what writes when all else is ready.
func attachLate(stdin io.Reader, prepare func() error) error {
	var in io.Reader
	if err := prepare(); err != nil {
		return err
	}
	if stdin != nil {
		r, w := io.Pipe()
		go func() {
			defer w.Close()
			io.Copy(w, stdin)
		}()
		in = r
	}
	s := &console{in: in}
	return s.run()
}

// attachNamed gives the reader to its caller.
func attachNamed(stdin io.Reader, prepare func() error) (in io.Reader, err error) {
	r, w := io.Pipe()
	go func() {
		defer w.Close()
		io.Copy(w, stdin)
	}()
	in = r
	if err := prepare(); err != nil {
		return in, err
	}
	return in, nil
}

// attachCleanly has a function that closes it.
func attachCleanly(stdin io.Reader, prepare func() error) error {
	r, w := io.Pipe()
	go func() {
		defer w.Close()
		io.Copy(w, stdin)
	}()
	in := r
	stop := func() { in.Close() }
	if err := prepare(); err != nil {
		stop()
		return err
	}
	s := &console{in: in}
	return s.run()
}
