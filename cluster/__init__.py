"""PostgreSQL, Valkey, Caddy, workers and jobs as processes of one parent: `python -m cluster`, and tests, use them."""
