"""From the facts of a check-up to its findings: one pure function a check."""
