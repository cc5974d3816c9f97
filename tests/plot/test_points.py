"""Points: where they lie, how they are coloured, and what is refused."""

import numpy as np
import pytest

import dlcore as dl
from dlcore import plot


def test_every_point_lies_where_it_should():
    fig = plot.points([0.0, 1.0, 2.0], dl.tensor([3.0, 5.0, 4.0]), xlabel="km", ylabel="m")
    (dots,) = fig.axes[0].collections
    np.testing.assert_allclose(dots.get_offsets(), [[0, 3], [1, 5], [2, 4]])
    assert (fig.axes[0].get_xlabel(), fig.axes[0].get_ylabel()) == ("km", "m")
    assert len(fig.axes) == 1


def test_values_set_the_colours_and_have_a_bar():
    fig = plot.points([0, 1], [0, 1], [10.0, 30.0], label="price", vmin=0, vmax=40)
    (dots,) = fig.axes[0].collections
    np.testing.assert_allclose(dots.get_array(), [10, 30])
    assert dots.get_clim() == (0, 40)
    assert fig.axes[1].get_ylabel() == "price"


def test_a_map_keeps_its_aspect():
    fig = plot.points([0, 1], [0, 1], aspect=1.5)
    assert fig.axes[0].get_aspect() == 1.5


def test_it_draws_into_given_axes():
    fig, (left, right) = plot.panels(1, 2)
    assert plot.points([0], [1], ax=right) is fig
    assert len(right.collections) == 1
    assert not left.collections


@pytest.mark.parametrize(("x", "y"), [([0, 1], [0]), ([[0, 1]], [[0, 1]])])
def test_coordinates_of_other_lengths_are_refused(x, y):
    with pytest.raises(ValueError, match="x, y: expected one axis of equal length"):
        plot.points(x, y)


def test_values_of_another_length_are_refused():
    with pytest.raises(ValueError, match=r"values: expected shape \(2,\), got \(3,\)"):
        plot.points([0, 1], [0, 1], [1, 2, 3])
