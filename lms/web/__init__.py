"""The frame of every page: headers, tokens, errors, assets, the cache, the clock, dates and formatting.

Any room may use any module of it. It knows no person and no course; what it needs to know of them is given to it when
the site is put together, and `above.py` is how a room asks one above it. It rests on `db`.
"""
