"""Saving: journal, run files, recovery, loading."""
