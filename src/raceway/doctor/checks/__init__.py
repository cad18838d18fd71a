"""Turns the facts of a check-up into findings: one pure function per check."""
