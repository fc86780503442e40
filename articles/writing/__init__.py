"""Authors: write, submit, answer."""
