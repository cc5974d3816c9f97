"""Checkpoints: all that a run has come to, in one file from which it goes on bit for bit."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from dlcore.nn import Module
from dlcore.random import default_rng
from dlcore.storage import safetensors, write_whole
from dlcore.train.packing import pack, unpack

FORMAT = 1  # raised when a later version cannot read this one


class CheckpointError(RuntimeError):
    """A checkpoint is missing, is damaged, or belongs to another run."""


class Stateful(Protocol):
    """What has a state: a model, an optimiser, a schedule, a loader, a callback."""

    def state_dict(self) -> Mapping[str, Any]:
        """Return the state."""
        ...

    def load_state_dict(self, state_dict: Any, /) -> Any:
        """Take over a state."""
        ...


def save_checkpoint(
    path: str | PathLike[str], parts: Mapping[str, Stateful], extra: Any = None
) -> None:
    """Write the state of a run, with that of the generators, into one file.

    Parameters
    ----------
    path : path-like
        The file, a safetensors file; an earlier checkpoint of that name is replaced when the new
        one is complete and on the disk.
    parts : mapping of str to object
        Model, optimiser, schedule, loader, by names of your own. The weights of a part called
        ``"model"`` are in the file as ``model.0.weight`` and so on.
    extra : object
        Anything else that is made of dicts, lists, numbers, strings and arrays.

    Raises
    ------
    TypeError
        If a state holds something else than numbers, strings, arrays and collections of them.
    OSError
        If it cannot be written; the earlier checkpoint is then as it was.

    Notes
    -----
    Besides the parts, the file holds the states of the default generator and of every generator
    that a layer of a model has as an attribute. Nothing in it is pickled: arrays are raw bytes,
    everything else is JSON, and a sha256 covers both.

    Examples
    --------
    >>> import tempfile
    >>> from dlcore import nn, optim
    >>> model = nn.Linear(2, 1)
    >>> optimizer = optim.SGD(model.parameters(), lr=0.1)
    >>> parts = {"model": model, "optimizer": optimizer}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "run.safetensors")
    ...     save_checkpoint(path, parts, extra={"epoch": 3})
    ...     extra = load_checkpoint(path, parts)
    >>> print(extra)
    {'epoch': 3}
    """
    arrays: dict[str, NDArray[Any]] = {}
    state = {
        "parts": {name: pack(part.state_dict(), name, arrays) for name, part in parts.items()},
        "generators": {
            name: pack(rng.bit_generator.state, f"generator:{name}", arrays)
            for name, rng in _generators(parts)
        },
        "extra": pack(extra, "extra", arrays),
    }
    text = json.dumps(state, allow_nan=False)
    digest = _sha256(text, arrays)
    metadata = {"format": f"dlcore checkpoint {FORMAT}", "state": text, "sha256": digest}
    write_whole(path, safetensors.encode(arrays, metadata), alone=True)


def load_checkpoint(path: str | PathLike[str], parts: Mapping[str, Stateful]) -> Any:
    """Bring a run into the state of a checkpoint.

    Parameters
    ----------
    path : path-like
        What :func:`save_checkpoint` wrote.
    parts : mapping of str to object
        The same parts, made anew as they were at the start.

    Returns
    -------
    object
        The `extra` that was saved.

    Raises
    ------
    CheckpointError
        If there is no such file, it is cut off or damaged, or its parts are not these. Nothing has
        been changed then, but if a part refuses its state those before it have taken theirs.
    """
    state, arrays = _read(Path(path))
    saved = state["parts"]
    generators = dict(_generators(parts))
    for kind, own, found in (
        ("parts", list(parts), list(saved)),
        ("generators", list(generators), list(state["generators"])),
    ):
        if set(own) != set(found):
            raise CheckpointError(
                f"{path}: this is the checkpoint of another run: it has the {kind} "
                f"{', '.join(sorted(found)) or 'none'}; this run has {', '.join(sorted(own))}"
            )
    try:
        for name, part in parts.items():
            part.load_state_dict(unpack(saved[name], arrays))
    except (ValueError, TypeError, KeyError) as error:
        raise CheckpointError(
            f"{path}: this is the checkpoint of another run: {name}: {error}"
        ) from error
    for name, rng in generators.items():
        rng.bit_generator.state = unpack(state["generators"][name], arrays)
    return unpack(state["extra"], arrays)


def _read(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    if not path.exists():
        raise CheckpointError(f"{path}: there is no such checkpoint")
    try:
        arrays, metadata = safetensors.read(path)
    except ValueError as error:
        raise CheckpointError(f"{error}; start anew, or from an earlier checkpoint") from error
    if metadata.get("format") != f"dlcore checkpoint {FORMAT}":
        raise CheckpointError(
            f"{path}: expected a dlcore checkpoint {FORMAT}, got {metadata.get('format')!r}"
        )
    if _sha256(metadata.get("state", ""), arrays) != metadata.get("sha256"):
        raise CheckpointError(
            f"{path}: this checkpoint is damaged: its sha256 is not the one that was written; "
            "start anew, or from an earlier checkpoint"
        )
    return json.loads(metadata["state"]), arrays


def _sha256(text: str, arrays: Mapping[str, NDArray[Any]]) -> str:
    digest = hashlib.sha256(text.encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _generators(parts: Mapping[str, Any]) -> Iterator[tuple[str, np.random.Generator]]:
    yield "default", default_rng()
    for part_name, part in parts.items():
        if isinstance(part, Module):
            for path, module in part.named_modules(part_name):
                for name, value in vars(module).items():
                    if isinstance(value, np.random.Generator):
                        yield f"{path}.{name}", value
