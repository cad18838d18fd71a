"""Charts: functions from a frame to figures, which serve the page, SVG and PNG alike."""
