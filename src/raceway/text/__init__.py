"""How numbers and names are written, wherever they are shown."""
