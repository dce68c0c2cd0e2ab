package driver

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
)

// patience is how long a run may take before it shows progress.
const patience = time.Second

// progress is a line on standard error that tells how far the run is. It is safe for use by several goroutines.
type progress struct {
	env   Env
	on    bool
	begun time.Time

	mu          sync.Mutex
	count       int
	total       int // 0 while unknown
	visible     bool
	width       int // of the line shown
	stopCurrent context.CancelFunc
	running     sync.WaitGroup
}

func newProgress(env Env, opts *options) *progress {
	on := opts.progress == "always" || opts.progress == "auto" && isTerminal(env, env.Stderr)
	return &progress{env: env, on: on, begun: time.Now()}
}

// start begins to show the progress of one module's packages.
func (p *progress) start(ctx context.Context, r *runner, m module, patterns []string) {
	if !p.on {
		return
	}
	p.stop()
	p.mu.Lock()
	p.count, p.total = 0, 0
	p.mu.Unlock()
	ctx, p.stopCurrent = context.WithCancel(ctx)
	p.running.Go(func() {
		wait := time.NewTimer(max(0, patience-time.Since(p.begun)))
		defer wait.Stop()
		select {
		case <-ctx.Done():
			return
		case <-wait.C:
		}
		p.mu.Lock()
		p.visible = true
		p.draw()
		p.mu.Unlock()
		// Only now is the number worth a second process.
		pkgs, err := r.list(ctx, m, patterns, "-json=GoFiles,CgoFiles,TestGoFiles,XTestGoFiles")
		if err != nil {
			return
		}
		total := 0
		for _, pkg := range pkgs {
			if len(pkg.GoFiles)+len(pkg.CgoFiles)+len(pkg.TestGoFiles) > 0 {
				total++
			}
			if len(pkg.XTestGoFiles) > 0 {
				total++
			}
		}
		p.mu.Lock()
		p.total = total
		p.draw()
		p.mu.Unlock()
	})
}

// done counts a package.
func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count++
	p.draw()
}

// note prints a line above the progress.
func (p *progress) note(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	fmt.Fprintln(p.env.Stderr, line)
	p.draw()
}

// stop erases the line.
func (p *progress) stop() {
	if p.stopCurrent != nil {
		p.stopCurrent()
		p.running.Wait()
		p.stopCurrent = nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	p.visible = false
}

func (p *progress) draw() {
	if !p.visible {
		return
	}
	line := fmt.Sprintf("conclint: %s done", plural(p.count, "package"))
	if p.total > 0 {
		line = fmt.Sprintf("conclint: %d of %s done", min(p.count, p.total), plural(p.total, "package"))
	}
	pad := max(0, p.width-len(line))
	fmt.Fprintf(p.env.Stderr, "\r%s%s%s", line, strings.Repeat(" ", pad), strings.Repeat("\b", pad))
	p.width = len(line)
}

func (p *progress) erase() {
	if p.width > 0 {
		fmt.Fprintf(p.env.Stderr, "\r%s\r", strings.Repeat(" ", p.width))
		p.width = 0
	}
}

// elapsed is the time since the run began.
func (p *progress) elapsed() time.Duration { return time.Since(p.begun).Round(10 * time.Millisecond) }
