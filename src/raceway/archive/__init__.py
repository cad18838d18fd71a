"""Finding and reading runs: one by what users call it, thousands by their digests."""
