"""How numbers and names are put into words, wherever they are shown."""
