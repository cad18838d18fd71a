"""One run of somebody's own pytest-benchmark suite, in several launches of pytest."""
