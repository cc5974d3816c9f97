"""Results of further seeds: for each chapter a script, its stored tables, and where they show.

`python -m tests.seeds 10` runs ``10.py``, writes its tables to ``10.json`` and into the chapter.
"""
