"""Racing until a verdict is reached: duels and gates."""
