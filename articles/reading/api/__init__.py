"""The read-only JSON API, version 1: publications for other programs. Public pages and it show the same."""
