"""The language as it is written: words, text to tree, tree to text."""
