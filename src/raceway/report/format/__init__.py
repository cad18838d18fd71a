"""How text, numbers and tables are written, whatever they tell."""
