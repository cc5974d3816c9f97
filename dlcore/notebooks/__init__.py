"""Read, run, store, compare and lint notebooks, and release exercises from their solutions.

The chapters and the solutions are notebooks with stored outputs. This package keeps them true:

- `files` finds the book, and reads and writes notebooks, always in the same form.
- `syntax` says what of a cell is Python, `names` which names it reads and makes, and `evaluate`
  runs it in this process. They need the standard library alone, and work in a browser too.
- `numbers`, `images` and `compare` say whether two outputs are the same within a tolerance.
- `kernel`, `cells` and `plugin` run a notebook under nbval with that comparison.
- `predictions` folds the results that a reader is asked to predict, and holds them to rules.
- `tidy` strips metadata that do not belong in the book.
- `store` runs a notebook again and stores its outputs, keeping what has not changed.
- `exercises` and `release` write an exercise from its solution.
- `lint` and `rules` hold a notebook to the rules of the book.

Nothing here is imported by ``import dlcore``; the extra ``grade`` brings what it needs.
"""

import sys


def spare_schema_checker() -> None:
    """Leave out the checker of addresses that jsonschema looks for: it takes a second to load.

    No notebook needs it. To be called before anything that reads notebooks is imported.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
