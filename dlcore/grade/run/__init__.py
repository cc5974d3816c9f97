"""Code that is not trusted, run.

- `process` starts a process for a run, which is `session`: nbval, and a kernel beside it.
- `places` are temporary folders that are gone also when a process is killed.
- `kernel` starts that kernel, in an `environment` of its own, and in an `enclosure`, which has the
  system hold it.
- `rewriting` makes cells ready to be run, so that checks keep their names to themselves.
- `inside` is what Python refuses in that kernel, and `guarding` is how it gets there;
  `containment` says what holds the kernel.
"""
