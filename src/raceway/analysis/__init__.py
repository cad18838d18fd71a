"""Pure arithmetic on what was saved: a run in, results, answers and frames out."""
