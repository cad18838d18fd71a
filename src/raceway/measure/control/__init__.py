"""The controller's side of lanes: starting, asking and ending them."""
