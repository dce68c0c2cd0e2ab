//go:build unix

package main_test

import (
	"bufio"
	"bytes"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestInterrupt interrupts a run as a terminal does, when one package is done and another hangs: what was found is printed.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	program, dir := broken(t), brokenModule(t)
	cmd := exec.Command(program, "-c=-1", "-progress=always", ".", "./sleeps")
	cmd.Dir, cmd.Env = dir, environment()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	deadline := time.AfterFunc(50*time.Second, func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	defer deadline.Stop()

	var said strings.Builder
	interrupted := false
	for in := bufio.NewReader(stderr); ; {
		part, err := in.ReadString('\r')
		said.WriteString(part)
		if !interrupted && (strings.Contains(part, "1 of 2") || strings.Contains(part, "1 package done")) {
			interrupted = true
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGINT)
		}
		if err != nil {
			break
		}
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 2 || stdout.String() != "a.go:6:2: direct assignment to atomic value (atomic)\n" ||
		!strings.HasSuffix(said.String(), "conclint: interrupted; packages that were not done are missing\n") {
		t.Errorf("code %d\n%s%s", code, stdout.String(), said.String())
	}
}
