"""Make the tables of further seeds and store them: ``make seeds``."""

import argparse
import os
import sys

from dlcore.notebooks.kernel import book_environment
from tests.seeds.tables import differences, make, notebook_of, scripts, store


def main() -> int:
    """Make the tables; return 1 if they are only compared, and one is another than stored."""
    parser = argparse.ArgumentParser(prog="python -m tests.seeds", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NN[_exercises]", help="default: all scripts")
    parser.add_argument("--check", action="store_true", help="only compare with what is stored")
    chosen = parser.parse_args()
    known = {script.stem: script for script in scripts()}
    if unknown := [name for name in chosen.names if name not in known]:
        parser.error(f"no script {unknown[0]}: there are {', '.join(known)}")
    other = 0
    for name in chosen.names or known:
        script = known[name]
        made = make(script, notebook_of(script), lambda row: print(row, flush=True))
        if not chosen.check:
            store(script, notebook_of(script), made)
            continue
        for found in differences(script, made):
            print(f"{name}: {found}", file=sys.stderr)
            other = 1
    return other


if __name__ == "__main__":
    os.environ |= {**book_environment(), "MPLBACKEND": "Agg"}
    sys.exit(main())
