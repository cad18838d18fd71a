"""The cases that race side by side: turns, noise, capacity, peaks."""
