"""A policy put to a population: every person of a table decided, the outcome kept with what it came from."""
