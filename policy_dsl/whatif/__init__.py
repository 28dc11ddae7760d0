"""What a decision turns on: other facts that would change it, missing ones that would settle it, and their order."""
