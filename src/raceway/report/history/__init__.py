"""The history of many runs, shown."""
