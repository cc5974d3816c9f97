"""Small pictures side by side."""

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from dlcore.plot.style import GREY, array, panels, styled
from dlcore.tensor import Tensor

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@styled
def images(
    arrays: ArrayLike | Tensor,
    labels: Sequence[object] | None = None,
    *,
    columns: int = 8,
    vmin: float | None = None,
    vmax: float | None = None,
    cmap: str = "gray",
) -> "Figure":
    """Show images in a grid, each with a caption.

    Parameters
    ----------
    arrays : array_like or Tensor, shape (n, height, width) or (n, height, width, 3)
        Grey-scale images, drawn on one common scale, or colour images in [0, 1].
    labels : sequence of n objects, optional
        Captions, shown above the images.
    columns : int
        Images in a row.
    vmin, vmax : float, optional
        The values drawn as black and as white; by default the smallest and the largest of all.
    cmap : str
        Name of a matplotlib colour map for grey-scale images; ``"RdBu"`` suits signed weights.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If the shape is no stack of images or the captions are not as many.

    Examples
    --------
    >>> import numpy as np
    >>> fig = images(np.eye(4).reshape(2, 2, 4), labels=["top", "bottom"])
    >>> print([ax.get_title() for ax in fig.axes])
    ['top', 'bottom']
    """
    pictures = array(arrays)
    if pictures.ndim not in (3, 4) or (pictures.ndim == 4 and pictures.shape[3] not in (3, 4)):
        raise ValueError(
            "arrays: expected shape (n, height, width) or (n, height, width, 3), "
            f"got {pictures.shape}; a single image is image[None]"
        )
    n = len(pictures)
    if n == 0:
        raise ValueError("arrays: expected at least one image")
    if labels is not None and len(labels) != n:
        raise ValueError(f"labels: expected {n} captions, got {len(labels)}")
    columns = min(columns, n)
    rows = ceil(n / columns)
    vmin = pictures.min() if vmin is None else vmin
    vmax = pictures.max() if vmax is None else vmax
    lines = 0 if labels is None else 1 + max(str(label).count("\n") for label in labels)
    side = min(6.4 / columns, 1.6)
    height = side * pictures.shape[1] / pictures.shape[2]
    fig, axes = panels(rows, columns, size=(side * columns, rows * (height + 0.18 * lines)))
    for ax in axes[n:]:
        ax.set_axis_off()
    for i, ax in enumerate(axes[:n]):
        ax.imshow(pictures[i], cmap=cmap, vmin=vmin, vmax=vmax)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set(visible=True, color=GREY)
        if labels is not None:
            ax.set_title(str(labels[i]), loc="center", fontsize="small", fontweight="normal", pad=3)
    return fig
