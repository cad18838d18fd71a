"""A comparison or a gate, shown."""
