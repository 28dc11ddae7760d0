"""A decision as people and programs read it: a tree of reasons, a numbered opinion, JSON."""
