"""The manual: read, cut, indexed, searched."""
