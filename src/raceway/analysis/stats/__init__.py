"""General statistics: intervals, shifts, shrinkage, the rank scan."""
