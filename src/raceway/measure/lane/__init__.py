"""What runs inside a lane. Standard library only, since all of it travels."""
