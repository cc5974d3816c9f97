"""A class: many notebooks, graded side by side.

- `classroom` grades them and has the tables written.
- `folder` finds what was handed in, and `task` is one notebook of it with all that it needs.
- `pools` says where the work is done, `kept` holds what is known already, `workplace` where
  temporary files lie, and `progress` tells how far the work is.
"""
