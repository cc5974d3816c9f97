"""What to say when a library is asked for that is not installed."""


def missing(package: str, extra: str) -> ModuleNotFoundError:
    """Return the error that names the extra to install.

    Parameters
    ----------
    package : str
        What is not there, as it is imported.
    extra : str
        The extra of dlcore that brings it.

    Returns
    -------
    ModuleNotFoundError
        To be raised; its ``name`` is `package`.

    Examples
    --------
    >>> print(missing("torch", "torch"))
    torch is not installed: pip install "dlcore[torch]"
    """
    return ModuleNotFoundError(
        f'{package} is not installed: pip install "dlcore[{extra}]"', name=package
    )
