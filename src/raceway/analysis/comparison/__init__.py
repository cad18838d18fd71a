"""Comparisons of two sides: how each case is normalised, and its verdict."""
