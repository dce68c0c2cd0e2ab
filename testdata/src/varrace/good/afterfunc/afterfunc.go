// Package afterfunc stops the function of context.AfterFunc, or waits for it.
package afterfunc

import "context"

func Ctx(ctx context.Context, f func() error) (err error, cancelled bool) {
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		cancelled = true
	})
	err = f()
	if !stop() {
		<-ended
	} // else the function has not run, and never will
	return err, cancelled
}
