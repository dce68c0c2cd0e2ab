package bad

import "context"

// A Provider looks at configurations until the pool that runs it is stopped. Who brings one
// later, waits for ever: he cannot know.
type Provider struct {
	configs chan string
}

func (p *Provider) Init() { p.configs = make(chan string) }

func (p *Provider) Provide(run func(func(context.Context))) {
	run(func(ctx context.Context) { p.watch(ctx) })
}

func (p *Provider) watch(ctx context.Context) {
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
	p.configs <- c // want `^send on p.configs blocks forever once Provider.watch has taken <-ctx.Done\(\) on line \d+; select on that here too$`
}
