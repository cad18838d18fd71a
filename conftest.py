"""Defaults of this repository; options, fixtures and saving come with the installed plugin."""
