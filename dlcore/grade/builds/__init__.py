"""What learners have built, joined to one library of their own, ``mydl.py``.

- `joining` knows which parts the file has and in which order, and joins them.
- `parts/` holds the book's plain parts as text: what is borrowed until it is built, operators and
  modules for the learner's own tape, and what the file does when it is run.
- `command` is ``dlcore mine``.

The page of the reader's progress makes the same file in the browser, from the same parts.
"""
