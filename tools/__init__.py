"""Scripts for maintainers: the shipped font, what the documentation takes from code."""
