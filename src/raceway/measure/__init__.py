"""Measuring: lanes, groups, launches."""
