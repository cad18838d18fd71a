"""What tests of several rooms share: synthetic data, simulated parts, and the types of fixtures."""
