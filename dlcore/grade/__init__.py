"""The grader: answers put into the reference notebook, run under nbval, and judged outside.

- `submission` takes the answer cells out of the learner's notebook, and `own_cells` what they need
  from others.
- `reference` finds the solution, and the outputs that its checks must reproduce; `hidden` reads a
  teacher's own checks.
- `run` runs code that is not trusted; what came is compared outside, by `judging`.
- `grading` ties them together for one notebook, `command` for several, `classroom` for a class.
- `builds` joins what learners have built to a library of their own.
- `report` is what is said of it, in all its forms.
- `quick` checks one exercise inside the learner's notebook, without any of this.
- `quantities` are answers with a unit, and `limits` all that is limited, each with its reason.

What is contained and what is not stands in each report, under ``containment``. Two lines of defence
hold the learner's code: what the system refuses (`run.enclosure`), and what Python is told to
refuse (`run.inside`). The second can be broken by code that goes past Python, so that where the
system offers nothing (macOS, Windows, old Linux) the work of people whom you do not trust belongs
on a machine that holds nothing to steal.
"""

from dlcore.grade.quantities import in_unit as in_unit
from dlcore.grade.quick import check as check
