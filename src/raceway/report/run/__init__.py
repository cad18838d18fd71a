"""One run as text, tables and data."""
