"""`python -m raceway`: the same as `raceway`."""

from __future__ import annotations

from raceway.cli import main

if __name__ == "__main__":
    main()
