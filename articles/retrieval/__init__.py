"""Finding what live publications say to somebody's words: one ranking for readers and for the desk.

    query      words as the index knows them
    ranking    which publications and statements match, and how well
    passages   the best statements, as they are shown

Reads the public tables alone: whoever asks, and from whatever door, gets nothing that is not approved.
"""
