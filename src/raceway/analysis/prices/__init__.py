"""What each model asks for on a machine, and what other work would take by that."""
