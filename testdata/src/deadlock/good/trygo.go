package good

import "golang.org/x/sync/errgroup"

// tree walks with as many goroutines as the group lets it have.
type tree struct {
	group errgroup.Group
	list  func(dir string) []string
}

func walkTree(root string, list func(dir string) []string) error {
	t := &tree{list: list}
	t.group.SetLimit(1)
	t.group.Go(func() error { return t.visit(root) })
	return t.group.Wait()
}

func (t *tree) visit(dir string) error {
	for _, sub := range t.list(dir) {
		if !t.group.TryGo(func() error { return t.visit(sub) }) {
			if err := t.visit(sub); err != nil {
				return err
			}
		}
	}
	return nil
}
