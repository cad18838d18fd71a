"""Statistics without subject: intervals, shifts, shrinkage, the rank scan."""
