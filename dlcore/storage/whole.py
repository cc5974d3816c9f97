"""Files that appear whole or not at all."""

import contextlib
import os
import secrets
from collections.abc import Iterable
from os import PathLike
from pathlib import Path

Content = str | bytes | Iterable[bytes | memoryview]


def write_whole(path: str | PathLike[str], content: Content, *, alone: bool = False) -> None:
    """Write a file under a temporary name, make sure that it is on the disk, then rename it.

    Parameters
    ----------
    path : path-like
        The file; one of that name is replaced and hands on its mode. Its folder is made if there
        is none.
    content : str, bytes or iterable of bytes
        What to write. Text is written as UTF-8; halves of characters are spelt out.
    alone : bool, default False
        Whether nobody else writes this file at the same time. Its temporary name is then always
        the same, so that what a killed process leaves is overwritten by the next.

    Raises
    ------
    OSError
        If it cannot be written (a full disk, no permission); a file that was there before is then
        as it was.

    Notes
    -----
    Whatever happens, and whenever: under `path` lies either the old file or the new one.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "note")
    ...     write_whole(path, [b"one, ", b"two"])
    ...     print(path.read_text(), [p.name for p in Path(folder).iterdir()])
    one, two ['note']
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name if alone else secrets.token_hex(8)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as stream:
            stream.writelines(_pieces(content))
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777)
        os.replace(temporary, path)
    except OSError as error:
        was = "; the one that was there is as it was" if path.exists() else ""
        raise OSError(
            error.errno, f"{path} could not be written ({error.strerror or error}){was}"
        ) from error
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _pieces(content: Content) -> Iterable[bytes | memoryview]:
    if isinstance(content, str):
        content = content.encode("utf-8", "backslashreplace")
    return [content] if isinstance(content, bytes) else content


def _sync_folder(folder: Path) -> None:
    """Bring the new name to the disk where the system can; the file is whole either way."""
    if hasattr(os, "O_DIRECTORY"):
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
