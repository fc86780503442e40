"""Finished pages: the bytes of a public page, made once and served before Django's middleware.

`page` makes them from a response of Django's, `store` keeps them, `serve` answers with them while the edition
(articles.edition) they were made in stands. All else goes to Django as if this were not there.
"""
