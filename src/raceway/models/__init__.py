"""The ways to run tasks concurrently, one file each: `MODEL = Model(...)`."""
