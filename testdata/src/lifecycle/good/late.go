package good

import "context"

// A Provider looks at configurations until the pool that runs it is stopped.
type Provider struct {
	configs chan string
	over    chan struct{}
}

func (p *Provider) Init() { p.configs, p.over = make(chan string), make(chan struct{}) }

func (p *Provider) Provide(run func(func(context.Context))) {
	run(func(ctx context.Context) { p.watch(ctx) })
}

func (p *Provider) watch(ctx context.Context) {
	defer close(p.over)
	for {
		select {
		case c := <-p.configs:
			println(c)
		case <-ctx.Done():
			return
		}
	}
}

func (p *Provider) Configure(c string) {
	select {
	case p.configs <- c:
	case <-p.over:
	}
}
