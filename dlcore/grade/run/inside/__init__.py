"""What the kernel runs before anybody else, so that Python refuses what would forge a verdict.

It protects the verdict of checks that a teacher writes: a check may say itself whether an answer
is right, and then nothing that the answer does to Python, NumPy or dlcore may change what it says.

- `guard` watches what code does, and refuses what harms.
- `state` remembers modules, functions and classes, and puts them back, `values` data of the
  exercise, tables and the environment, and `settings` what belongs to the thread of the cells.
- `line` carries the grader's orders to the guard, which no cell can hear.
- `plain` is what a check works with: values and a print that have no will of their own. `kinds`
  says what was expected of a value that a check cannot work with.
- `aside` keeps what an answer prints from what a check prints; `frames` knows whose code it is.
"""
