"""The commands of `policy`, a file for each kind of user's work."""
