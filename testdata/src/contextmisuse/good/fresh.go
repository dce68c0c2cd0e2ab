package good

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
)

type catalog struct{ db *sql.DB }

func (c *catalog) names(ctx context.Context) ([]string, error) {
	rows, err := c.db.QueryContext(ctx, "SELECT name FROM product")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return nil, rows.Err()
}

// serveNames ends with the request.
func (c *catalog) serveNames(w http.ResponseWriter, r *http.Request) {
	names, err := c.names(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	fmt.Fprintln(w, names)
}

// first hands its context on.
func (c *catalog) first(ctx context.Context) (string, error) {
	names, err := c.names(ctx)
	if err != nil || len(names) == 0 {
		return "", err
	}
	return names[0], nil
}

// undo takes back what has been done, whatever has become of the caller.
func (c *catalog) undo(ctx context.Context, id int) error {
	if _, err := c.names(ctx); err != nil {
		if _, undoErr := c.names(context.Background()); undoErr != nil {
			fmt.Println(undoErr)
		}
		return err
	}
	defer func() {
		if _, err := c.names(context.Background()); err != nil {
			fmt.Println(err)
		}
	}()
	_, _ = c.names(context.Background())
	return nil
}

// atTheEnd stores once more when the context is done.
func (c *catalog) atTheEnd(ctx context.Context, ticks <-chan struct{}) error {
	for {
		select {
		case <-ticks:
		case <-ctx.Done():
			_, err := c.names(context.Background())
			return err
		}
	}
}

// inBackground goes on by itself.
func (c *catalog) inBackground(ctx context.Context) {
	go func() {
		names, err := c.names(context.Background())
		fmt.Println(names, err)
	}()
}

// open has no context.
func (c *catalog) open() error {
	_, err := c.names(context.Background())
	return err
}

// ignores says that it does.
func (c *catalog) ignores(_ context.Context) error {
	_, err := c.names(context.Background())
	return err
}
