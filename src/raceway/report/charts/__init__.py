"""Charts: each a function from a frame to a figure; the same for page, SVG and PNG."""
