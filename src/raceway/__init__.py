"""raceway races Python's concurrency models on the same verified work.

This file travels into every lane, so it imports nothing.
"""

__version__ = "0.1.0"
