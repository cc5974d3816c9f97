"""A room for code that is not trusted: what the system can hold back, held back.

The grader starts the kernel through this package, which is run by a Python of its own before
anything else is loaded: it uses the standard library only, and imports nothing of dlcore. Its
numbers come with the description of the room.

- `resources` lowers what a process may use.
- `namespaces` gives it a world of its own: no network, no other process, and a file system that
  holds Python, dlcore, the data sets and a temporary folder.
- `landlock` has Linux refuse every file outside those, where namespaces are not to be had.
- `seccomp` has Linux refuse new processes and sockets; the kernel calls it when it has started.
- `launch` does all this and becomes the kernel.

Each of these may be missing on a machine. What could be done, and what could not, is written down,
and stands in the report.
"""
