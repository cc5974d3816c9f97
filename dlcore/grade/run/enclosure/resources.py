"""Limits on what one process may use."""

MEBIBYTE = 2**20


def limit(wanted: dict[str, int]) -> list[str]:
    """Lower limits of this process for good.

    Parameters
    ----------
    wanted : dict
        A number for each name, as in ``resource.RLIMIT_DATA`` without the start.

    Returns
    -------
    list of str
        The names of those that could not be set.
    """
    try:
        import resource
    except ImportError:  # Windows
        return list(wanted)
    failed = []
    for name, number in wanted.items():
        try:
            which = getattr(resource, f"RLIMIT_{name}")
            highest = resource.getrlimit(which)[1]
            number = number if highest == resource.RLIM_INFINITY else min(number, highest)
            resource.setrlimit(which, (number, number))
        except (AttributeError, ValueError, OSError):
            failed.append(name)
    return failed
