"""Board members: read, compare, decide."""
