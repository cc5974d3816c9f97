"""What is said of a notebook that was graded, in all its forms.

- `report` holds the result, and its JSON form, whose schema lies beside it.
- `text` is for a terminal, `html` for a learner or a teacher, with `templates`, and `junit` for
  continuous integration.
- `tables` are those of a class.
"""

from dlcore.grade.report.report import (
    CheckResult as CheckResult,
    Containment as Containment,
    ExerciseResult as ExerciseResult,
    Report as Report,
    as_json as as_json,
    schema as schema,
)
