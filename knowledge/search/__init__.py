"""Query in, ranked passages out."""
