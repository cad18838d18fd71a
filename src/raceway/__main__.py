"""`python -m raceway`: the same as `raceway`."""

from __future__ import annotations

import sys

if not sys.flags.safe_path and __name__ == "__main__":
    del sys.path[0]  # the current folder, whose files would hide the library's

from raceway.cli import main

if __name__ == "__main__":
    main()
