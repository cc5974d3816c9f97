"""What holds a kernel, said in sentences that a report can show."""

from dlcore.grade import limits
from dlcore.grade.run.enclosure.launch import Held


def containment(held: Held, filtered: bool) -> dict[str, list[str]]:
    """Return what holds the kernel, and what does not.

    Parameters
    ----------
    held : Held
        What the enclosure says.
    filtered : bool
        Whether the system refuses the kernel new processes and sockets.

    Returns
    -------
    dict
        Sentences under ``enforced`` and ``not_enforced``.
    """
    enforced, missing = list(held.enforced), list(held.not_enforced)
    if filtered:
        enforced.append("programs: none can be started, and no network socket opened (seccomp)")
    else:
        missing.append("programs: code that goes past Python can start some")
        if not any(line.startswith("network") for line in enforced):
            missing.append("network: code that goes past Python can reach it")
    enforced.append(f"output: {limits.OUTPUT:,} characters a cell")
    enforced.append("environment: without names and secrets of the grader's")
    return {"enforced": enforced, "not_enforced": missing}
