"""Measuring: lanes, heats, launches."""
