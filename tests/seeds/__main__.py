"""Make the tables of further seeds and store them: ``make seeds``."""

import argparse
import os
import sys

from dlcore.notebooks.kernel import book_environment
from tests.seeds.tables import chapter_of, differences, make, scripts, store


def main() -> int:
    """Make the tables; return 1 if they are only compared, and one is another than stored."""
    parser = argparse.ArgumentParser(prog="python -m tests.seeds", description=__doc__)
    parser.add_argument("chapters", nargs="*", metavar="NN", help="default: all that have a script")
    parser.add_argument("--check", action="store_true", help="only compare with what is stored")
    chosen = parser.parse_args()
    known = {script.stem: script for script in scripts()}
    if unknown := [number for number in chosen.chapters if number not in known]:
        parser.error(f"no script for chapter {unknown[0]}: there are {', '.join(known)}")
    other = 0
    for number in chosen.chapters or known:
        script = known[number]
        made = make(script, chapter_of(script), lambda row: print(row, flush=True))
        if not chosen.check:
            store(script, chapter_of(script), made)
            continue
        for found in differences(script, made):
            print(f"chapter {number}: {found}", file=sys.stderr)
            other = 1
    return other


if __name__ == "__main__":
    os.environ |= {**book_environment(), "MPLBACKEND": "Agg"}
    sys.exit(main())
