"""A flattened text of which one version is known: what follows of the other."""
