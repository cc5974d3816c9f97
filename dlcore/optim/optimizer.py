"""Optimizer: the base of every optimiser, with its groups, its state and its step."""

import math
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from numbers import Real
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from dlcore.optim.pack import SMALL, Pack, State, packs
from dlcore.tape import enable_grad, wrote
from dlcore.tensor import Tensor, stored_array

Params = Iterable[Tensor] | Iterable[dict[str, Any]]

# What torch keeps in a group to choose between its own implementations of one and the same update.
_SWITCHES_OF_TORCH = {"foreach", "fused", "capturable", "differentiable", "param_names"}
# What schedules note in a group, so that it is saved with the optimiser; torch's names.
_NOTES_OF_SCHEDULES = {"initial_lr", "max_lr", "min_lr", "base_momentum", "max_momentum"}


class Optimizer:
    """Base of the optimisers; a subclass says in ``_update`` what a step does to one parameter.

    Parameters
    ----------
    params : iterable of Tensor, or of dict
        What is learnt. A dict is a group: its ``"params"``, and the options in which it differs
        from the others.
    defaults : dict
        The options of the groups that do not set them.

    Attributes
    ----------
    param_groups : list of dict
        A dict of options a group, with its parameters under ``"params"``. Change ``"lr"`` there to
        change the learning rate.
    state : dict of Tensor to dict
        What the optimiser remembers of each parameter that has made a step.
    elementwise : bool
        Whether ``_update`` treats each element by itself, as all optimisers of dlcore do. Small
        parameters may then be given to it together, and a large one block by block. False in the
        base, so that an optimiser of your own may take the norm of a parameter.

    Raises
    ------
    TypeError
        If a parameter is not a Tensor.
    ValueError
        If there is none, one comes twice, or one is no leaf of floating-point numbers.

    Notes
    -----
    Names, arguments, defaults and the layout of the state dict are those of ``torch.optim``. Steps
    write into ``p.data`` in place.
    """

    elementwise: ClassVar[bool] = False

    def __init__(self, params: Params, defaults: dict[str, Any]) -> None:
        if isinstance(params, Tensor | dict) or not isinstance(params, Iterable):
            write = "params.parameters()" if hasattr(params, "parameters") else "[params]"
            write = "params()" if callable(params) and write == "[params]" else write
            raise TypeError(
                f"params: expected an iterable, got one {type(params).__name__}; write {write}"
            )
        given: list[Any] = list(params)
        if not given:
            raise ValueError("params: expected at least one parameter, got none")
        self.defaults = defaults
        self.param_groups: list[dict[str, Any]] = []
        self.state: dict[Tensor, State] = {}
        self._packs: dict[int, list[Pack]] = {}  # by the number of the group
        for group in given if isinstance(given[0], dict) else [{"params": given}]:
            self.add_param_group(group)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Take in more parameters, with options of their own.

        Parameters
        ----------
        param_group : dict
            ``"params"``, a Tensor or an iterable of them, and any options.

        Raises
        ------
        TypeError
            If a parameter is not a Tensor.
        ValueError
            If an option is unknown or out of range, a parameter comes twice, or one is no leaf
            of floating-point numbers.
        """
        if not isinstance(param_group, dict) or "params" not in param_group:
            raise TypeError(f"param_group: expected a dict with 'params', got {param_group!r}")
        unknown = set(param_group) - {"params", *self.defaults} - _NOTES_OF_SCHEDULES
        if unknown:
            raise ValueError(
                f"param_group: unknown option {sorted(unknown)[0]!r}; "
                f"{type(self).__name__} has {', '.join(self.defaults)}"
            )
        params = param_group["params"]
        params = [params] if isinstance(params, Tensor) else list(params)
        seen = {id(p) for group in self.param_groups for p in group["params"]}
        for i, p in enumerate(params):
            _check_parameter(i, p)
            if id(p) in seen:
                raise ValueError(f"params[{i}]: this parameter comes twice")
            seen.add(id(p))
        group = _plain({**self.defaults, **param_group, "params": ()}) | {"params": params}
        self._check(group)
        self.param_groups.append(group)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters.

        Parameters
        ----------
        set_to_none : bool
            False fills them with zeros instead, which keeps their memory.
        """
        for group in self.param_groups:
            for p in group["params"]:
                if set_to_none:
                    p.grad = None
                elif p.grad is not None:
                    p.grad = Tensor(np.zeros_like(p.grad.data))

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Make one step against the gradients; parameters without gradient stay.

        Parameters
        ----------
        closure : callable, optional
            Computes the loss and its gradients anew; called before the step.

        Returns
        -------
        object
            What `closure` returned, or None.
        """
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        for number, group in enumerate(self.param_groups):
            if isinstance(group.get("lr"), Tensor):  # as somebody has set it since
                group["lr"] = _number("lr", group["lr"])
            small: list[Tensor] = []
            written = []
            for p in group["params"]:
                if p.grad is None:
                    continue
                written.append(p.data)
                if p.grad.data.shape != p.data.shape:
                    raise ValueError(f"grad: expected shape {p.shape}, got {p.grad.shape}")
                if self.elementwise and p.data.size <= SMALL:
                    small.append(p)
                else:
                    self._step_alone(p, group)
            if len(small) > 1:
                self._step_together(number, small, group)
            elif small:
                self._step_alone(small[0], group)
            wrote(*written)
        return loss

    def _step_alone(self, p: Tensor, group: dict[str, Any]) -> None:
        assert p.grad is not None  # step passes over the others
        grad = p.grad.data
        if group.get("maximize"):
            grad = -grad
        self._update(p.data, grad, self.state.setdefault(p, {}), group)

    def _step_together(self, number: int, small: list[Tensor], group: dict[str, Any]) -> None:
        """Step as many parameters at once as can be; their packs are kept for the next step."""
        kept = self._packs.get(number, ())
        if sum(len(pack.params) for pack in kept) != len(small) or not all(
            pack.fits(self.state) for pack in kept
        ):
            kept = self._packs[number] = list(packs(small, self.state))
        for pack in kept:
            grad = pack.gather()
            if group.get("maximize"):
                np.negative(grad, out=grad)
            self._update(pack.data, grad, pack.state, group)
            pack.scatter()

    def __getstate__(self) -> dict[str, Any]:
        """Leave the packs out of a copy: its arrays would no longer be views of theirs."""
        return {**self.__dict__, "_packs": {}}

    def state_dict(self) -> dict[str, Any]:
        """Return options and state, in torch's layout.

        Returns
        -------
        dict
            ``"state"``: what is remembered of each parameter, by its number; ``"param_groups"``:
            options, with numbers in ``"params"``. The arrays are the optimiser's own, not copies.
        """
        numbers = {p: number for number, p in enumerate(self._parameters())}
        groups = [
            {**{k: v for k, v in group.items() if k != "params"},
             "params": [numbers[p] for p in group["params"]]}
            for group in self.param_groups
        ]  # fmt: skip
        state = {numbers[p]: dict(s) for p, s in self.state.items() if s}
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over options and state; arrays are copied, in the dtype of their parameter.

        Parameters
        ----------
        state_dict : mapping
            As :meth:`state_dict` returns it. One of torch's optimiser of the same name serves too.

        Raises
        ------
        ValueError
            If groups, numbers of parameters, shapes or options do not match; nothing has been
            changed then.
        """
        if not isinstance(state_dict, Mapping) or not {"param_groups", "state"} <= set(state_dict):
            raise ValueError(
                "state_dict: expected 'state' and 'param_groups', as optimizer.state_dict() has "
                f"them, got {_shown(state_dict)}"
            )
        groups, state = state_dict["param_groups"], state_dict["state"]
        sizes = [len(group["params"]) for group in groups]
        own = [len(group["params"]) for group in self.param_groups]
        if sizes != own:
            raise ValueError(
                f"state_dict: expected groups of {own} parameters, got groups of {sizes}"
            )
        loaded = [self._options(group) for group in groups]
        numbers = [number for group in groups for number in group["params"]]
        by_number = dict(zip(numbers, self._parameters(), strict=True))
        if unknown := set(state) - set(by_number):
            raise ValueError(f"state_dict: there is no parameter of number {sorted(unknown)[0]}")
        fresh = {by_number[number]: _adopt(by_number[number], s) for number, s in state.items()}
        for group, options in zip(self.param_groups, loaded, strict=True):
            group.update(options)
        self.state = fresh

    def __repr__(self) -> str:
        """Show the options of each group, as torch does."""
        lines = [f"{type(self).__name__} ("]
        for number, group in enumerate(self.param_groups):
            lines.append(f"Parameter Group {number}")
            lines += [f"    {k}: {v}" for k, v in sorted(group.items()) if k != "params"]
        return "\n".join([*lines, ")"])

    def _update(
        self, data: NDArray[Any], grad: NDArray[Any], state: State, group: dict[str, Any]
    ) -> None:
        """Change `data` in place; `grad` must stay as it is."""
        raise NotImplementedError(f"{type(self).__name__}: no _update is defined")

    def _check(self, group: dict[str, Any]) -> None:
        """Refuse options out of range; subclasses add their own."""
        for name in ("lr", "weight_decay", "eps"):
            check_range(name, group.get(name, 0.0), 0.0, math.inf)

    def _parameters(self) -> list[Tensor]:
        return [p for group in self.param_groups for p in group["params"]]

    def _options(self, group: Mapping[str, Any]) -> dict[str, Any]:
        notes = set(group) & _NOTES_OF_SCHEDULES
        unknown = set(group) - {"params", *self.defaults} - _SWITCHES_OF_TORCH - notes
        missing = set(self.defaults) - set(group)
        if unknown or missing:
            raise ValueError(
                f"state_dict: not the options of {type(self).__name__}: "
                f"unknown {sorted(unknown)}, missing {sorted(missing)}"
            )
        options = _plain({name: deepcopy(group[name]) for name in [*self.defaults, *notes]})
        self._check(options)
        return options


def check_range(name: str, value: float, low: float, high: float) -> None:
    """Refuse an option that is not in [low, high).

    Parameters
    ----------
    name : str
        The option.
    value : float
        What came.
    low, high : float
        The range.

    Raises
    ------
    ValueError
        If `value` lies outside or is NaN.
    """
    if not isinstance(value, Real) or not low <= value < high:
        what = f"at least {low:g}" if math.isinf(high) else f"in [{low:g}, {high:g})"
        raise ValueError(f"{name}: expected a number {what}, got {value!r}")


def _plain(options: dict[str, Any]) -> dict[str, Any]:
    """Take the numbers out of options that are Tensors."""
    plain = {}
    for name, value in options.items():
        if isinstance(value, tuple | list):
            plain[name] = type(value)(_number(f"{name}[{i}]", v) for i, v in enumerate(value))
        else:
            plain[name] = _number(name, value)
    return plain


def _number(name: str, value: Any) -> Any:
    """Return the one number of a Tensor or an array, and anything else as it is."""
    if not hasattr(value, "item") or not hasattr(value, "shape"):
        return value
    if math.prod(value.shape) != 1:
        raise ValueError(f"{name}: expected one number, got shape {tuple(value.shape)}")
    return value.item()


def _shown(state: Any) -> str:
    """Describe what was given as a state, by its names if it has some."""
    if not isinstance(state, Mapping):
        return type(state).__name__
    return f"a mapping with {', '.join(map(repr, list(state)[:5])) or 'nothing in it'}"


def _check_parameter(i: int, p: Any) -> None:
    if not isinstance(p, Tensor):
        raise TypeError(f"params[{i}]: expected a Tensor, got {type(p).__name__}")
    if not p.is_leaf:
        raise ValueError(f"params[{i}]: expected a leaf, got the result of a computation")
    if p.dtype.kind != "f":
        raise ValueError(f"params[{i}]: expected floating-point data, got {p.dtype}")


def _adopt(p: Tensor, state: Mapping[str, Any]) -> State:
    adopted: State = {}
    for name, value in state.items():
        if value is None:
            continue
        array = stored_array(f"state_dict: {name}", value)
        if name == "step":
            adopted[name] = float(array)
        elif array.shape == p.shape:
            adopted[name] = array.astype(p.dtype)
        else:
            raise ValueError(f"state_dict: {name} must have shape {p.shape}, got {array.shape}")
    return adopted
