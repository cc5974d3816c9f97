"""dlcore against PyTorch's own test samples."""

import pytest

pytest.importorskip("torch", reason="there is no torch to compare with")
