"""What happened over time, shown."""
