"""The controller's side: start lanes, ask them, and leave nothing behind."""
