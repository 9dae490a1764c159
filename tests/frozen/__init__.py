"""What the site said before its rooms were rearranged, kept so that the rearranged one can be held against it.

Frozen in tests/data/frozen, from the program at 98d2a9c:

- `sinau.db.xz`, with a row in every table, and `postgres.sql.xz`, the same rows for PostgreSQL; `site.json` holds the
  test keys, the moment, and what people carry outside the site (cookies, cards, printed codes); `cadangan.zip` is a
  backup of it and `migrations/` an empty database at each migration. These were made once and never change again.
- `addresses.txt`: every address that a GET opens, with the rule it follows.
- Texts that are worked out anew and compared: each page by everybody of the cast (`pages-<who>`), the bundled courses
  (`course-<slug>`), certificates (`sheets`), what is downloaded (`papers`). A large text is kept as .xz beside an
  .index of one hash a page, so that a change names its pages.
- `statements-<who>.txt`: SQL statements a page, the second time it is opened. Fewer are welcome, more are not.

`make frozen` compares and prints what differs. Who means a change runs `make frozen-anew`, which writes the texts anew
(never the databases), and says in the commit which pages changed and why; `git diff` of the .index files names them.
"""
