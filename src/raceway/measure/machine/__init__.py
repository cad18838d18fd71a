"""What the machine and the code under test are."""
