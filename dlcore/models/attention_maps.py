"""Attention maps: what each head of a model looks at."""

from typing import Any

from numpy.typing import NDArray

from dlcore import nn
from dlcore.nn.module import mode
from dlcore.tape import no_grad


def attention_maps(model: nn.Module, *inputs: Any) -> dict[str, NDArray[Any]]:
    """Run a model, and return the weights of every head in it.

    Parameters
    ----------
    model : Module
        With :class:`~dlcore.nn.MultiheadAttention` somewhere inside. It runs in evaluation mode;
        its modes are afterwards what they were.
    *inputs : Any
        What it is called with.

    Returns
    -------
    dict of str to ndarray, shape (N, H, L, S)
        By the name of the layer: how much query i of head h looks at key j in sequence n. Each row
        adds up to 1.

    Raises
    ------
    ValueError
        If there is no such layer.

    Notes
    -----
    Layers are asked for their weights through hooks, so that training, which needs no weights, may
    take the faster road without them. Derived in Chapter 15.

    Examples
    --------
    >>> import numpy as np
    >>> from dlcore.models import GPT
    >>> model = GPT(vocabulary=10, block_size=8, rng=np.random.default_rng(0))
    >>> maps = attention_maps(model, np.array([[3, 1, 4]]))
    >>> print(list(maps), maps["blocks.0.self_attn"].shape)
    ['blocks.0.self_attn', 'blocks.1.self_attn'] (1, 4, 3, 3)
    """
    maps: dict[str, NDArray[Any]] = {}
    names = {m: name for name, m in model.named_modules() if isinstance(m, nn.MultiheadAttention)}
    if not names:
        raise ValueError(f"model: {type(model).__name__} holds no MultiheadAttention")

    def ask(module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        order = ("query", "key", "value", "key_padding_mask", "need_weights", "attn_mask")
        named = dict(zip(order, args, strict=False)) | kwargs
        return (), named | {"need_weights": True, "average_attn_weights": False}

    def keep(module: nn.MultiheadAttention, args: Any, output: Any) -> None:
        maps[names[module]] = output[1].data

    handles = [layer.register_forward_pre_hook(ask, with_kwargs=True) for layer in names]
    handles += [layer.register_forward_hook(keep) for layer in names]
    try:
        with mode(model, training=False), no_grad():
            model(*inputs)
    finally:
        for handle in handles:
            handle.remove()
    return maps
