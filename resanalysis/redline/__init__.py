"""Marks read, marks inferred, marks written: from one text to the two versions inside it."""
