"""The commands of the shell, one module for each family; heavy imports stay in the functions."""
