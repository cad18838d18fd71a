"""Races that go on until there is a verdict: duels and gates."""
