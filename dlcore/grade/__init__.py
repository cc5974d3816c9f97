"""The grader: answers put into the reference notebook, run under nbval, and judged outside.

- `submission` takes the answer cells, and nothing else, out of the learner's notebook.
- `reference` finds the solution, and the outputs that its checks must reproduce; `hidden` reads a
  teacher's own checks.
- `running` starts a process for a run, which is `session`: nbval, and a kernel beside it.
- `kernel` starts that kernel in an `enclosure`, which has the system hold it.
- `guard` is what the kernel runs before anybody else: a watch; `order` puts functions back in
  order, `line` carries the grader's orders, and `plain` is what a check works with.
- `grading` ties them together; `verdict` gives points, `report` holds the result, `text` prints it.
- `classroom` grades a class, in a `workplace` of its own.
- `quick` checks one exercise inside the learner's notebook, without any of this.

What is contained and what is not stands in each report, under ``containment``. Two lines of defence
hold the learner's code: what the system refuses (`enclosure`), and what Python is told to refuse
(`guard`). The second can be broken by code that goes past Python, so that where the system offers
nothing (macOS, Windows, old Linux) the work of people whom you do not trust belongs on a machine
that holds nothing to steal.
"""

from dlcore.grade.quantities import in_unit
from dlcore.grade.quick import check

__all__ = ["check", "in_unit"]
