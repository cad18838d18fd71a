"""From options to cases, each with a reason if it will not race."""
