// Package finished closes when the one who sends has closed another channel.
package finished

type F struct{ req, resp, fin chan int }

func NewF() *F {
	f := &F{make(chan int), make(chan int), make(chan int)}
	go func() {
		defer close(f.fin)
		for v := range f.req {
			f.resp <- v * v
		}
	}()
	go func() {
		<-f.fin
		close(f.resp)
	}()
	return f
}

func (f *F) Square(v int) int {
	f.req <- v
	return <-f.resp
}

func (f *F) Close() {
	close(f.req)
	<-f.fin
}
