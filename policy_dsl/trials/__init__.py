"""Trials of the worked examples: what of a policy they reach, and which changes to it they would not notice."""
