"""The machine, and the code under test."""
