"""Whether a machine is fit: probes, facts, checks, findings."""
