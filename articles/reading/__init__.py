"""Readers: approved content only."""
