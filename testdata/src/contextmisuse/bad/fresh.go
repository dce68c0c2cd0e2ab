package bad

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

// serveNames goes on with the query when the client has left.
func (c *catalog) serveNames(w http.ResponseWriter, r *http.Request) {
	names, err := c.names(context.Background()) // want `c.names gets context.Background\(\) where there is r.Context\(\): it goes on when the caller has given up; pass that, or context.WithoutCancel of it`
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	fmt.Fprintln(w, names)
}

// first has a context and uses another.
func (c *catalog) first(ctx context.Context) (string, error) {
	names, err := c.names(context.TODO()) // want `c.names gets context.TODO\(\) where there is ctx: it goes on when the caller has given up`
	if err != nil || len(names) == 0 {
		return "", err
	}
	return names[0], nil
}
