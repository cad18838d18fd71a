"""`raceway`, also as `python -m raceway`: Ctrl-C is heard before anything slow is imported."""

from __future__ import annotations

import sys

if not sys.flags.safe_path and __name__ == "__main__":
    del sys.path[0]  # the current folder, whose files would hide the library's

from raceway import interruption


def main() -> None:
    """Import the command, and run it."""
    interruption.leave_at_once()
    from raceway.cli import main as command  # noqa: PLC0415 (slow)

    command()


if __name__ == "__main__":
    main()
