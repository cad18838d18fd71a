"""What one run says: results, limits, rankings, curves, advice, claims."""
