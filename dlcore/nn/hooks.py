"""Hooks of modules: functions of your own that see what goes in and what comes out."""

from collections.abc import Callable
from typing import Any

from dlcore.hooks import Hooks, RemovableHandle


class ForwardHooks:
    """What a :class:`~dlcore.nn.Module` has to do with hooks."""

    _forward_pre_hooks: Hooks | None = None  # None on the class: a module without hooks has none
    _forward_hooks: Hooks | None = None
    forward: Callable[..., Any]

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call ``hook(module, args)`` before :meth:`forward`.

        Parameters
        ----------
        hook : callable
            Returns None, or what is to stand in the place of the positional arguments: a tuple
            of them, or a single one.
        prepend : bool, default False
            Whether it is called before the hooks that are there.
        with_kwargs : bool, default False
            Whether it is called as ``hook(module, args, kwargs)``, and returns None or a tuple
            ``(args, kwargs)``.

        Returns
        -------
        RemovableHandle
            Its ``remove()`` takes the hook away.
        """

        def before(module: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            changed = hook(module, args, kwargs) if with_kwargs else hook(module, args)
            if changed is None:
                return args, kwargs
            if with_kwargs:
                return changed
            return changed if isinstance(changed, tuple) else (changed,), kwargs

        if self._forward_pre_hooks is None:
            object.__setattr__(self, "_forward_pre_hooks", {})
        return RemovableHandle(self.__dict__["_forward_pre_hooks"], before, prepend)

    def register_forward_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call ``hook(module, args, output)`` after :meth:`forward`: to look at activations.

        Parameters
        ----------
        hook : callable
            Returns None, or what is to stand in the place of the output.
        prepend : bool, default False
            Whether it is called before the hooks that are there.
        with_kwargs : bool, default False
            Whether it is called as ``hook(module, args, kwargs, output)``.

        Returns
        -------
        RemovableHandle
            Its ``remove()`` takes the hook away.

        Notes
        -----
        To look at the gradient of an activation, let the hook call ``output.register_hook``.

        Examples
        --------
        >>> import dlcore as dl
        >>> layer = dl.nn.ReLU()
        >>> handle = layer.register_forward_hook(lambda module, args, out: print(out.tolist()))
        >>> out = layer(dl.tensor([-1.0, 2.0]))
        [0.0, 2.0]
        >>> handle.remove()
        """

        def after(module: Any, args: Any, kwargs: dict[str, Any], out: Any) -> Any:
            return hook(module, args, kwargs, out) if with_kwargs else hook(module, args, out)

        if self._forward_hooks is None:
            object.__setattr__(self, "_forward_hooks", {})
        return RemovableHandle(self.__dict__["_forward_hooks"], after, prepend)

    def _call_with_hooks(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        for before in list((self._forward_pre_hooks or {}).values()):
            args, kwargs = before(self, args, kwargs)
        out = self.forward(*args, **kwargs)
        for after in list((self._forward_hooks or {}).values()):
            changed = after(self, args, kwargs, out)
            out = out if changed is None else changed
        return out
