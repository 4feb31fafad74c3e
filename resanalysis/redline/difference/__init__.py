"""Two clean texts: their redline, on clauses first and on words inside them."""
