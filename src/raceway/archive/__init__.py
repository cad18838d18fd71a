"""Finding and reading runs: one by its name, thousands by their digests."""
