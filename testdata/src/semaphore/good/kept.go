package good

import (
	"context"
	"errors"
	"fmt"
)

// A dock has room for a few ships.
type dock struct {
	berths chan struct{}
	count  int
	name   string
	log    func(string)
}

func newDock(n int, log func(string)) *dock {
	return &dock{berths: makeBerths(n), log: log}
}

func makeBerths(n int) chan struct{} { return make(chan struct{}, n) }

func (d *dock) moor() { d.berths <- struct{}{} }
func (d *dock) cast() { <-d.berths }

func (d *dock) moorOr(ctx context.Context) error {
	select {
	case d.berths <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("dock: %w", ctx.Err())
	}
}

func (d *dock) unload(tons int, crane func(int) error) error {
	d.moor()
	d.count++
	d.log("unload")
	if tons == 0 {
		d.cast()
		return errors.New("nothing to unload")
	}
	if err := crane(tons); err != nil {
		d.cast()
		return err
	}
	d.cast()
	return nil
}

func (d *dock) load(ctx context.Context, tons int, crane func(int) error) error {
	if err := d.moorOr(ctx); err != nil {
		return err
	}
	err := crane(tons)
	d.cast()
	if err != nil {
		return fmt.Errorf("%s: %w", d.name, err)
	}
	return nil
}

func (d *dock) loadAll(ctx context.Context, tons []int, crane func(int) error) error {
	for _, t := range tons {
		if err := d.load(ctx, t, crane); err != nil {
			return err
		}
	}
	return nil
}

func (d *dock) inspect(ok func() bool) {
	d.moor()
	defer d.cast()
	if !ok() {
		d.log("not ok")
		return
	}
	d.log("ok")
}

func (d *dock) tow(ctx context.Context, pull func()) {
	if d.moorOr(ctx) != nil {
		return
	}
	defer d.cast()
	pull()
}

// asked looks at the error in other ways.
func (d *dock) asked(ctx context.Context, pull func()) {
	err := d.moorOr(ctx)
	if errors.Is(err, context.Canceled) {
		return
	}
	if err == nil {
		pull()
		d.cast()
	}
}

// switched does so in a switch.
func (d *dock) switched(ctx context.Context, pull func()) {
	switch err := d.moorOr(ctx); {
	case err != nil:
		return
	default:
		pull()
	}
	d.cast()
}

// named keeps what it has found in a variable.
func (d *dock) named(ctx context.Context, pull func()) {
	err := d.moorOr(ctx)
	failed := err != nil
	if failed {
		return
	}
	pull()
	d.cast()
}

// A lock says what is left undone.
type turnstile struct {
	room chan struct{}
	open bool
	err  error
	all  map[*turnstile]bool
}

func newTurnstile(n int) *turnstile {
	return &turnstile{room: make(chan struct{}, n), all: make(map[*turnstile]bool)}
}

func (t *turnstile) take() { t.room <- struct{}{} }
func (t *turnstile) give() { <-t.room }

// state says by a field that the slot is held.
func (t *turnstile) state(err error) error {
	t.take()
	if err != nil {
		t.err = err
		return err
	}
	t.give()
	return nil
}

// register puts it where others find it.
func (t *turnstile) register(err error) error {
	t.take()
	if err != nil {
		t.all[t] = true
		return err
	}
	t.give()
	return nil
}

// prepare leaves the slot to who calls it when it fails: that ends it.
func (t *turnstile) prepare(check func() error) error {
	t.take()
	if err := check(); err != nil {
		t.all[t] = false
		return err
	}
	t.give()
	return nil
}

func (t *turnstile) commit(check func() error) {
	if err := t.prepare(check); err != nil {
		t.give()
	}
}

// A pair of methods of which one goes on with what the other has left.
type relay struct{ room chan struct{} }

func newRelay() *relay { return &relay{room: make(chan struct{}, 1)} }

func (r *relay) begin(ok bool) {
	r.take()
	if !ok {
		r.give()
	}
}

func (r *relay) take()   { r.room <- struct{}{} }
func (r *relay) give()   { <-r.room }
func (r *relay) finish() { r.give() }

func (r *relay) run(work func()) {
	r.begin(true)
	work()
	r.finish()
}

// release is behind an interface.
type giver interface{ give() }

type byInterface struct {
	room  chan struct{}
	ended giver
}

func newByInterface() *byInterface {
	b := &byInterface{room: make(chan struct{}, 1)}
	b.ended = b
	return b
}

func (b *byInterface) take() { b.room <- struct{}{} }
func (b *byInterface) give() { <-b.room }

func (b *byInterface) run(work func() error) error {
	b.take()
	if err := work(); err != nil {
		b.ended.give()
		return err
	}
	b.give()
	return nil
}

// A releaser waits in a literal for the end.
func (d *dock) flagged(ctx context.Context, work func() error) (err error) {
	held := false
	defer func() {
		if held {
			d.cast()
		}
	}()
	if err := d.moorOr(ctx); err != nil {
		return err
	}
	held = true
	return work()
}

// transfer gives the berth to the goroutine only when that is started.
func (d *dock) transfer(ctx context.Context, start func(func()) error, work func()) error {
	if err := d.moorOr(ctx); err != nil {
		return err
	}
	err := start(func() {
		defer d.cast()
		work()
	})
	if err != nil {
		d.cast()
		return err
	}
	return nil
}

// again waits for another berth when it has gone out.
func (d *dock) again(n int, work func()) {
	for range n {
		d.moor()
		work()
		d.cast()
	}
	d.moor()
	defer d.cast()
	work()
}
