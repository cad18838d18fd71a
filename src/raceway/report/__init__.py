"""Showing: each function from analysis to text or bytes."""
