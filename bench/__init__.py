"""Measurements. Each module has `main() -> dict`: what was measured, in words, with its value."""
