"""The text of an article: pure Python, no Django.

A body is a small HTML subset; it is split into statements, each with a digest of its own words and of the
references it cites. Numbering, rendering, comparing and checking all build on that split.
"""
