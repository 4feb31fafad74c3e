"""A flattened text alone: what numbering, surroundings and wording say of it."""
