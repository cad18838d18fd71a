"""How text, numbers and tables are written, whatever their subject."""
