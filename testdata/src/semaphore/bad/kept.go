package bad

import (
	"context"
	"errors"
	"fmt"
)

// These are found without -semaphore.lost: nobody else can know of the slot.

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

// unload counts, which tells nobody that the berth is taken.
func (d *dock) unload(tons int, crane func(int) error) error {
	d.moor() // want `the return on line \d+ keeps the slot of d.berths taken here`
	d.count++
	d.log("unload")
	if tons == 0 {
		return errors.New("nothing to unload")
	}
	if err := crane(tons); err != nil {
		d.cast()
		return err
	}
	d.cast()
	return nil
}

// load is left by its caller, too, who has a berth of its own.
func (d *dock) load(ctx context.Context, tons int, crane func(int) error) error {
	if err := d.moorOr(ctx); err != nil { // want `the return on line \d+ keeps the slot of d.berths taken here`
		return err
	}
	if err := crane(tons); err != nil {
		return fmt.Errorf("%s: %w", d.name, err)
	}
	d.cast()
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

// inspect has no results.
func (d *dock) inspect(ok func() bool) {
	d.moor() // want `the return on line \d+ keeps the slot of d.berths taken here`
	if !ok() {
		d.log("not ok")
		return
	}
	d.log("ok")
	d.cast()
}

// tow does not look whether it has got a berth.
func (d *dock) tow(ctx context.Context, pull func()) {
	_ = d.moorOr(ctx) // want `d.moorOr can return without a slot, and the release on line \d+ then takes away another's or panics; look at its result`
	defer d.cast()
	pull()
}
