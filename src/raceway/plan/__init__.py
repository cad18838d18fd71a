"""From options to cases, each with a reason where it will not race."""
