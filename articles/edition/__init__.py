"""The edition: one number for all that readers can read. While it stands, nothing of that has changed.

    closed --reopen()--> open under its number --a public table is to be written--> closed, number spent

A transaction closes the edition before its first write to a public table, and holds a share of the
database's own lock until it has ended (`watch`, `lock`). Only who holds that lock alone may open the edition
again, so it stays closed while any publication is under way, and opens at the next request once the last one
was committed, was rolled back, or died. After a commit nothing is left to do, hence nothing to forget.

Closed means: ask the database. An edition that cannot be read, for want of Redis, is closed.
"""
