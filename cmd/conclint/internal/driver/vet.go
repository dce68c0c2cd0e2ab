package driver

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/conclint/conclint/analyzers"
)

// analyze runs go vet on packages of a module. What it finds, and what goes wrong, is collected in r; an error means that it could
// not even be tried.
func (r *runner) analyze(ctx context.Context, m module, patterns []string) error {
	if r.opts.fix || r.opts.diff {
		if err := r.fix(ctx, m, patterns); err != nil || r.opts.diff {
			return err
		}
	}
	r.progress.start(ctx, r, m, patterns)
	res, err := r.vet(ctx, m, patterns, []string{"-json"}, r.readTrees)
	if err != nil {
		return err
	}
	if res.failed && res.units == 0 {
		// Perhaps nothing was analysed because one package cannot be loaded.
		res, err = r.withoutBroken(ctx, m, patterns, res, func(good []string) (vetResult, error) {
			return r.vet(ctx, m, good, []string{"-json"}, r.readTrees)
		})
		if err != nil {
			return err
		}
	}
	r.collect(ctx, m, patterns, res)
	return nil
}

// A vetResult is what became of a run of go vet, apart from what it printed on standard output.
type vetResult struct {
	failed bool
	stderr string
	units  int // values read from standard output
}

// runKey returns an argument that ties go vet's cache to the packages that are named. The key of that cache leaves out whether a package
// was looked at for its findings or only, as a dependency, for its facts (Go 1.26): without this, conclint ./b and then conclint ./a would
// replay the empty output that ./a had as a dependency of ./b. The price is that runs over different packages share no results.
func runKey(m module, patterns []string, debug string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q", m.dir, patterns)
	if debug != "" {
		fmt.Fprint(h, time.Now()) // what is written on standard error is in no cache
	}
	return fmt.Sprintf("-%s.run=%x", analyzers.Config().Name, h.Sum(nil)[:8])
}

// silence is how long a failure without a word may turn out to be an interrupt.
const silence = 200 * time.Millisecond

// vet runs go vet and hands its standard output to read, which returns how many packages it saw.
func (r *runner) vet(ctx context.Context, m module, patterns, mode []string, read func(io.Reader) (int, error)) (vetResult, error) {
	args := append([]string{"vet", "-vettool=" + r.env.Tool}, mode...)
	args = append(args, r.opts.toolFlags()...)
	args = append(args, runKey(m, patterns, r.opts.debug))
	args = append(args, r.opts.build...)
	args = append(append(args, "--"), patterns...)
	cmd := r.command(ctx, m, args...)
	if r.opts.debug != "" {
		cmd.Env = append(cmd.Env, analyzers.DebugVariable+"="+r.opts.debug)
	}
	stderr := &notes{show: r.progress.note, debug: r.env.Stderr}
	cmd.Stderr = stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return vetResult{}, err
	}
	if err := cmd.Start(); err != nil {
		return vetResult{}, fmt.Errorf("go vet: %v", err)
	}
	units, readErr := read(stdout)
	_, _ = io.Copy(io.Discard, stdout) // an unread pipe would block go vet for ever
	err = cmd.Wait()
	if err != nil && ctx.Err() == nil && stderr.text() == "" {
		// A signal to the process group ends go vet too, perhaps before word of it has reached us.
		select {
		case <-ctx.Done():
		case <-time.After(silence):
		}
	}
	res := vetResult{failed: err != nil, stderr: stderr.text(), units: units}
	if ctx.Err() != nil {
		r.problem("conclint: interrupted; packages that were not done are missing")
		res.failed = false // what follows from being killed is of no interest
		return res, nil
	}
	if readErr != nil {
		r.problem("conclint: reading the output of go vet: " + readErr.Error())
	}
	return res, nil
}

// command returns a go command that ends when ctx does, with a moment for its children to end too.
func (r *runner) command(ctx context.Context, m module, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = m.dir
	cmd.Env = append(os.Environ(), m.environ...)
	cmd.WaitDelay = 3 * time.Second
	cmd.Cancel = func() error {
		if err := cmd.Process.Signal(os.Interrupt); err != nil { // Windows has none
			return cmd.Process.Kill()
		}
		return nil
	}
	return cmd
}

// notes collects standard error and shows at once what is said about downloads, which explain a long silence.
type notes struct {
	show    func(string)
	debug   io.Writer
	partial []byte
	lines   bytes.Buffer
}

func (n *notes) Write(p []byte) (int, error) {
	n.partial = append(n.partial, p...)
	for {
		line, rest, ok := bytes.Cut(n.partial, []byte("\n"))
		if !ok {
			return len(p), nil
		}
		n.line(string(line))
		n.partial = rest
	}
}

func (n *notes) line(line string) {
	line = strings.TrimSuffix(line, "\r")
	if strings.HasPrefix(line, "go: downloading ") {
		n.show(line)
		return
	}
	if strings.HasPrefix(line, "debug: ") {
		fmt.Fprintln(n.debug, line)
		return
	}
	n.lines.WriteString(line)
	n.lines.WriteByte('\n')
}

func (n *notes) text() string {
	if len(n.partial) > 0 {
		n.line(string(n.partial))
		n.partial = nil
	}
	return n.lines.String()
}
