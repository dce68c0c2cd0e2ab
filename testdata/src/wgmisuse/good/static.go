package good

import (
	"log"
	"sync"
)

// A pool counts its workers in a field that only they add to.
type workerPool struct {
	running sync.WaitGroup
	load    func(page int) error
}

func (p *workerPool) Run(n int) {
	for w := range 4 {
		p.running.Add(1)
		go p.worker(w, n)
	}
	p.running.Wait()
}

func (p *workerPool) worker(first, n int) {
	defer p.running.Done()
	for page := first; page < n; page += 4 {
		if err := p.load(page); err != nil {
			return
		}
	}
}

// A mirror counts each copy once, and takes it off twice when the file is missing.
type mirror struct {
	pending sync.WaitGroup
	targets []string
	open    func(name string) error
}

func (m *mirror) Start(name string) {
	for _, dir := range m.targets {
		m.pending.Add(1)
		go m.copy(dir + "/" + name)
	}
}

func (m *mirror) copy(name string) {
	defer m.pending.Done()
	if err := m.open(name); err != nil {
		log.Print(err)
		return
	}
}

// A flusher is told that all is flushed before anything is.
type buffer interface{ Flush() error }

func flushAll(buffers []buffer) {
	var wg sync.WaitGroup
	for _, b := range buffers {
		flushOne(&wg, b)
	}
	wg.Wait()
}

func flushOne(wg *sync.WaitGroup, b buffer) {
	wg.Add(1)
	go func() {
		defer wg.Done()
		if err := b.Flush(); err != nil {
			log.Print(err)
		}
	}()
}

// The sizes are made one after the other.
func resize(widths []int, scale func(width int)) {
	var wg sync.WaitGroup
	for _, width := range widths {
		wg.Add(1)
		go func() {
			defer wg.Done()
			scale(width)
		}()
	}
	wg.Wait()
}

func resizeGo(widths []int, scale func(width int)) {
	var sizes sync.WaitGroup
	for _, width := range widths {
		sizes.Go(func() { scale(width) })
	}
	sizes.Wait()
}

// Each turn starts two, which run at the same time.
func pairs(jobs [][2]func()) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(2)
		go func() { defer wg.Done(); job[0]() }()
		go func() { defer wg.Done(); job[1]() }()
		wg.Wait()
	}
}

// The loop works while the goroutine does.
func overlapped(jobs []func(), here func()) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Go(job)
		here()
		wg.Wait()
	}
}

// A request counts itself, and leaves a goroutine behind that it does not count.
func (m *mirror) handle(name string, audit func(string)) error {
	m.pending.Add(1)
	defer m.pending.Done()
	go audit(name)
	return m.open(name)
}

// The worker adds what it starts itself: it is counted meanwhile.
type walker struct {
	dirs sync.WaitGroup
	list func(dir string) []string
}

func (w *walker) Walk(root string) {
	w.dirs.Add(1)
	go w.visit(root)
	w.dirs.Wait()
}

func (w *walker) visit(dir string) {
	defer w.dirs.Done()
	for _, sub := range w.list(dir) {
		w.dirs.Add(1)
		go w.visit(sub)
	}
}

// Two were added: one for the copy, and one for the caller's sake.
func (m *mirror) both(name string) {
	m.pending.Add(2)
	go m.twoSteps(name)
}

func (m *mirror) twoSteps(name string) {
	defer m.pending.Done()
	if err := m.open(name); err != nil {
		log.Print(err)
	}
	m.pending.Done()
	log.Print("opened")
}
