"""Two sides compared: what each case is measured by, and its verdict."""
