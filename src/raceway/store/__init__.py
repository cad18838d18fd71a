"""How runs are saved and loaded: journal, run files, recovery."""
