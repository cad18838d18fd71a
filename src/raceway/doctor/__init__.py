"""Is this machine fit? Probes, facts, checks, findings."""
