"""One run, from options to file."""
