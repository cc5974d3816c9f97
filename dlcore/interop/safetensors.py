"""Weights in safetensors files, which PyTorch, JAX and others read as well; no package is needed.

Arguments are those of ``safetensors.numpy`` and, for models, of ``safetensors.torch``.
"""

from os import PathLike

from dlcore.nn import Module
from dlcore.nn.state import LATER, where_the_names_are
from dlcore.storage import load_file as load_file, save_file as save_file


def save_model(
    model: Module, filename: str | PathLike[str], metadata: dict[str, str] | None = None
) -> None:
    """Write the parameters and buffers of a model into a safetensors file.

    Parameters
    ----------
    model : Module
        The model.
    filename : path-like
        The file; one of that name is replaced when the new one is complete.
    metadata : dict of str to str, optional
        Text to go with them.

    Raises
    ------
    OSError
        If it cannot be written.

    Notes
    -----
    Weights that two layers share stand in the file under both names, so that it can be read
    without knowledge of the model.
    """
    save_file(model.state_dict(), filename, metadata)


def load_model(
    model: Module, filename: str | PathLike[str], strict: bool = True
) -> tuple[list[str], list[str]]:
    """Read the parameters and buffers of a model from a safetensors file.

    Parameters
    ----------
    model : Module
        The model; its arrays are written in place.
    filename : path-like
        The file. Weights that layers share may stand in it under one name or under all.
    strict : bool, default True
        Refuse names that are missing or unknown.

    Returns
    -------
    missing, unexpected : list of str
        Names that the file has not, and names that the model has not.

    Raises
    ------
    ValueError
        If names or shapes do not fit, or the file is damaged; nothing has been changed then.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import numpy as np
    >>> from dlcore import nn
    >>> first, second = nn.Linear(3, 2), nn.Linear(3, 2)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_model(first, pathlib.Path(folder, "linear.safetensors"))
    ...     print(load_model(second, pathlib.Path(folder, "linear.safetensors")))
    ([], [])
    >>> print(np.array_equal(first.weight.data, second.weight.data))
    True
    """
    stored, own = load_file(filename), model.state_dict()
    missing = [
        name for name, array in own.items()
        if name not in stored and not any(array is own.get(other) for other in stored)
        and not name.endswith(LATER)
    ]  # fmt: skip
    unexpected = [name for name in stored if name not in own]
    if elsewhere := where_the_names_are(own, stored):
        raise ValueError(f"{filename}: {elsewhere}, to model.load_state_dict")
    if strict and (missing or unexpected):
        raise ValueError(
            f"{filename}: missing names {missing}, unknown names {unexpected}; "
            "pass strict=False to load what matches"
        )
    model.load_state_dict(stored, strict=False)
    return missing, unexpected
