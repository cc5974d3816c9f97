"""Files that appear whole or not at all."""

import os
from collections.abc import Iterable
from os import PathLike
from pathlib import Path


def write_atomically(path: str | PathLike[str], pieces: Iterable[bytes | memoryview]) -> None:
    """Write a file under a temporary name, make sure that it is on the disk, then rename it.

    Parameters
    ----------
    path : path-like
        The file; one of that name is replaced.
    pieces : iterable of bytes
        Its content.

    Raises
    ------
    OSError
        If it cannot be written (a full disk, no permission); a file that was there before is then
        as it was.

    Notes
    -----
    Whatever happens, and whenever: under `path` lies either the old file or the new one. The
    temporary name is always the same, so that what a killed process leaves is overwritten by the
    next.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "note")
    ...     write_atomically(path, [b"one, ", b"two"])
    ...     print(path.read_text(), [p.name for p in Path(folder).iterdir()])
    one, two ['note']
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as stream:
            for piece in pieces:
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        was = "; the one that was there is as it was" if path.exists() else ""
        raise OSError(
            error.errno, f"{path} could not be written ({error.strerror}){was}"
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make sure that the new name is on the disk, where a folder can be synchronised."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
