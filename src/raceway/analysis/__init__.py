"""Pure arithmetic on what was saved: frames in, frames out."""
