"""What runs inside a lane. Standard library only; all of it travels."""
