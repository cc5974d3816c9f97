"""The grader: answers put into the reference notebook, run under nbval, and judged outside.

- `submission` takes the answer cells, and nothing else, out of the learner's notebook.
- `reference` finds the solution, and the outputs that its checks must reproduce.
- `session` runs the two together under nbval in a process and a kernel of their own.
- `guard` is what the kernel runs before anybody else: limits, and functions put back in order.
- `line` carries the grader's orders to the guard.
- `grading` ties them together and gives points; `report` holds the result, `text` prints it.

What is contained and what is not: the kernel has limits on memory and file size, a time limit for
each cell, an environment without secrets and a temporary folder; it cannot open notebooks, start
processes, connect to the network or write elsewhere through Python's own functions. Code that
calls the system past Python (``ctypes``) is not held back: grade the work of people whom you do
not trust on a machine, or in a container, that holds nothing to steal.
"""
