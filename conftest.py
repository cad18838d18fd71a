"""Defaults of this repository: its benchmarks and tests use raceway's own plugin."""

pytest_plugins = ["raceway.plugin"]
