"""Pictures of the interface: reference/ holds how each screen is meant to look; `make pictures` takes them anew."""
