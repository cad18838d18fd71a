"""Races of groups: turns, noise, capacity, peaks."""
