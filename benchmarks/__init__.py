"""Measurements of this package against data and other tools."""
