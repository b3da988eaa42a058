"""Gold cases -> answers -> figures."""
