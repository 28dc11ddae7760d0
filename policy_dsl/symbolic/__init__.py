"""The third engine: what a policy says of every record at once; each answer is held to the interpreter."""
