"""Answers that change what a check works with, also if they change it back: none earns a point.

As in `test_exploits`, every answer stands in one notebook, with honest ones between and after them.
"""

import pytest

from dlcore.grade.report import ExerciseResult
from tests.grade.building import grade_each
from tests.notebooks.building import code

pytestmark = pytest.mark.slow

GIVEN = (
    "class Dual:\n    def __init__(self, value):\n        self.value = value\n\n"
    "def step(x):\n    return x + 1"
)
CHECKS = {
    "twice": "a = f(np.arange(3.0))\nprint(np.allclose(a, 2 * np.arange(3.0)))\n"
    "print(np.abs(a - 2 * np.arange(3.0)).max() < 1e-9)",
    "score": "found = f(np.arange(100) % 2)\n"
    "share = metrics.accuracy(np.arange(100) % 2 * 2, found)\nprint('enough:', bool(share > 0.9))",
    "count": "right = 0\nfor x in (1.0, 2.0, 5.0):\n    right += abs(f(x) - 2 * x) < 1e-9\n"
    "print('right:', right)",
    "given": "x = Dual(3)\nprint(f(x.value), step(1) == 2, type(x).__init__.__name__)",
    "value": "print(f'{f(3.0):.4f}')",
}
PRINTED = {
    "twice": "True\nTrue\n",
    "score": "enough: True\n",
    "count": "right: 3\n",
    "given": "6 True __init__\n",
    "value": "6.0000\n",
}
WRONG = "\ndef f(x):\n    return 0 * x"
DEEP = "import sys\nthere = vars(sys.modules['dlcore.metrics.classification'])\n"
FAKE_OUT = """
def f(x):
    real, said = sys.stdout, []
    class Out:
        flush = real.flush
        def write(self, text):
            said.append(text)
            if ''.join(said).count('\\n') == 2:
                sys.stdout = real
            return real.write(text.replace('False', 'True'))
    sys.stdout = Out()
    return 0 * x"""
MEND = """
def f(x):
    real, left = {there}.{name}, [1]
    def fake(*args, **options):
        {there}.{name} = real
        return {result}
    {there}.{name} = fake
    return 0 * x"""


def mending(there: str, name: str, result: str) -> str:
    """A patch that takes itself away as soon as it has been used."""
    return MEND.format(there=there, name=name, result=result)


TAMPERING: dict[str, tuple[str, str]] = {
    "patches metrics, loaded by the exercise": ("score", "metrics.accuracy = lambda *a: 1" + WRONG),
    "patches what metrics call": (
        "score",
        DEEP + "there['as_labels'] = lambda t, p: (t, t)" + WRONG,
    ),
    "mends metrics after use": ("score", mending("metrics", "accuracy", "1.0")),
    "mends what metrics call": (
        "score",
        DEEP + "def f(x):\n    real = there['as_labels']\n    def fake(t, p):\n"
        "        there['as_labels'] = real\n        return real(t, t)\n"
        "    there['as_labels'] = fake\n    return x",
    ),
    "mends NumPy after use": (
        "twice",
        mending("np", "allclose", "np.__setattr__('abs', lambda a: np.zeros(3)) or True"),
    ),
    "mends NumPy and loads a part of it": (
        "twice",
        "real = np.allclose, np.abs\ndef f(x):\n    def fake(*a, **k):\n"
        "        np.allclose = real[0]\n        import numpy.polynomial\n        return True\n"
        "    def none(a):\n        np.abs = real[1]\n        return np.zeros(3)\n"
        "    np.allclose, np.abs, np.note = fake, none, 1\n    return 0 * x",
    ),
    "mends the code of a function": (
        "twice",
        "def always(a, b, rtol=0, atol=0, equal_nan=0): return True\ndef f(x):\n"
        "    np.allclose._implementation.__code__ = always.__code__\n    return 0 * x",
    ),
    "mends print among Python's own": ("twice", mending("builtins", "print", "None")),
    "mends print among the names of the notebook": (
        "twice",
        "def f(x):\n    said = []\n    def fake(*a):\n        said.append(a)\n"
        "        if len(said) == 2: del globals()['print']\n"
        "        sys.stdout.write('True\\n')\n    globals()['print'] = fake\n    return 0 * x",
    ),
    "mends the stream": ("twice", FAKE_OUT),
    "mends the method of the stream": (
        "twice",
        "def f(x):\n    out, real = sys.stdout, sys.stdout.write\n"
        "    out.write = lambda text: real(text.replace('False', 'True'))\n    return 0 * x",
    ),
    "returns an array with operators of its own": (
        "twice",
        "class Own(np.ndarray):\n    def __array_function__(self, *a): return True\n"
        "    def __array_ufunc__(self, *a, **k): return np.zeros(3)\n"
        "def f(x):\n    return (0 * x).view(Own)",
    ),
    "returns an object with operators of its own": (
        "twice",
        "class Own:\n    def __array_function__(self, *a): return True\n"
        "    def __sub__(self, other): return np.zeros(3)\ndef f(x):\n    return Own()",
    ),
    "returns a number with operators of its own": (
        "count",
        "class Own(float):\n    def __sub__(self, other): return 0.0\ndef f(x):\n    return Own()",
    ),
    "is a class itself": (
        "count",
        "class f(float):\n    def __new__(cls, x): return float.__new__(cls, 0)\n"
        "    def __sub__(self, other): return 0.0",
    ),
    "hides such a number in an array": (
        "count",
        "class Own(float):\n    def __sub__(self, other): return 0.0\n"
        "def f(x):\n    return np.array([Own()], dtype=object)",
    ),
    "defines a given class anew": (
        "given",
        "class Dual:\n    def __init__(self, value): self.value = 6\ndef f(x):\n    return x",
    ),
    "patches a given class": (
        "given",
        "Dual.__init__ = lambda self, value: setattr(self, 'value', 6)\ndef f(x):\n    return x",
    ),
    "defines a given function anew": ("given", "def step(x):\n    return 3" + WRONG),
    "swaps what messages are packed with": (
        "twice",
        "session = get_ipython().kernel.session\nreal = session.pack\n"
        "session.pack = lambda found: real(found).replace(b'False', b'True')" + WRONG,
    ),
    "swaps it for all": (
        "twice",
        "import json, jupyter_client.session as there\nreal = there.json_packer\n"
        "there.json_packer = lambda found: real(found).replace(b'False', b'True')" + WRONG,
    ),
    "swaps what output is kept in": (
        "twice",
        "import io, ipykernel.iostream\nclass Own(io.StringIO):\n    def write(self, text):\n"
        "        return super().write(text.replace('False', 'True'))\n"
        "ipykernel.iostream.StringIO = Own" + WRONG,
    ),
    "signs messages wrongly": (
        "value",
        "def f(x):\n    get_ipython().kernel.session.key = b'0'\n    print('x' * 10**4)\n"
        "    return 6.0 + 1",
    ),
    "swaps the class of the compiler": (
        "twice",
        "there = get_ipython().compile\nclass Own(type(there)):\n"
        "    def ast_parse(self, source, *a, **k):\n"
        "        return super().ast_parse('print(True)\\nprint(True)', *a, **k)\n"
        "there.__class__ = Own" + WRONG,
    ),
    "swaps the class of the shell": (
        "twice",
        "there = get_ipython()\nclass Own(type(there)):\n    async def run_code(self, *a, **k):\n"
        "        print('True\\nTrue')\n        return False\nthere.__class__ = Own" + WRONG,
    ),
    "swaps the names of the notebook": (
        "twice",
        "there = get_ipython()\nthere.user_ns = dict(there.user_ns, "
        "print=lambda *a: sys.stdout.write('True\\n'))" + WRONG,
    ),
    "acts when something is loaded": (
        "twice",
        "class Own:\n    def find_spec(self, *a):\n"
        "        np.allclose, np.abs = (lambda *a: True), lambda a: np.zeros(3)\n"
        "sys.meta_path.insert(0, Own())\ndef f(x):\n    import colorsys\n    return 0 * x",
    ),
    "acts when memory is cleared": (
        "twice",
        "import gc\ngc.callbacks.append(lambda *a: vars(np).update(allclose=lambda *a: True))\n"
        "gc.set_threshold(1)" + WRONG,
    ),
    "acts when an object is gone": (
        "twice",
        "import weakref\nclass Own: pass\ndef f(x):\n    here = Own()\n"
        "    weakref.finalize(here, setattr, np, 'allclose', lambda *a: True)\n    return 0 * x",
    ),
    "reads its own memory": (
        "value",
        "def f(x):\n    return 2 * x if open('/proc/self/mem', 'rb') else 0.0",
    ),
    "reads it from a folder": (
        "value",
        "import os\ndef f(x):\n    here = os.open('/proc/self', os.O_RDONLY)\n"
        "    return 2 * x if os.open('mem', os.O_RDONLY, dir_fd=here) else 0.0",
    ),
}
HONEST = {
    "plain": ("twice", "def f(x):\n    return 2 * x"),
    "scored": ("score", "def f(x):\n    return 2 * x"),
    "with given things": ("given", "def f(x):\n    return step(2 * Dual(x).value) - 1"),
    "seeds, and loads what it needs": (
        "count",
        "def f(x):\n    import numpy.polynomial\n    import dlcore.optim\n    dl.seed(3)\n"
        "    np.testing.assert_allclose(np.log(np.zeros(1)), -np.inf)\n    return 2 * x",
    ),
    "loads in its function what asks for frames": (
        "twice",
        "def f(x):\n    import dlcore.models\n    from scipy import optimize\n"
        "    try:\n        import no_such_module\n    except ImportError:\n        return 2 * x",
    ),
    "copies and redirects": (
        "count",
        "import contextlib, copy, io\ndef f(x):\n"
        "    with contextlib.redirect_stdout(io.StringIO()):\n        print('aside')\n"
        "    copy.deepcopy(dl.nn.Linear(2, 2))\n    return copy.copy(dl.tensor(2 * x)).item()",
    ),
    "in other kinds of numbers": ("count", "def f(x):\n    return np.float64(2 * x)"),
}


def ordered() -> dict[str, tuple[str, str]]:
    """Honest answers before and after the others."""
    (first, answer), *others = HONEST.items()
    return {first: answer, **TAMPERING, **dict(others)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ExerciseResult]:
    setup = "import builtins\nimport sys\nimport numpy as np\nimport dlcore as dl\n"
    given = [code("setup", f"{setup}from dlcore import metrics"), code("given", GIVEN)]
    answers = {
        name: ({CHECKS[kind]: PRINTED[kind]}, answer) for name, (kind, answer) in ordered().items()
    }
    return grade_each(tmp_path_factory.mktemp("book"), given, answers, timeout=60)


@pytest.mark.parametrize("name", TAMPERING)
def test_tampering_earns_nothing(graded: dict[str, ExerciseResult], name: str) -> None:
    found = graded[name]
    assert found.points == 0, found.checks
    assert found.status == "wrong"


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_answer_keeps_its_points(graded: dict[str, ExerciseResult], name: str) -> None:
    found = graded[name]
    assert found.status == "right", (found.message, found.checks)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("mends NumPy after use", "were changed while the check ran"),
        ("returns an object with operators of its own", "return numbers, arrays or lists"),
        ("signs messages wrongly", "what no kernel sends"),
        ("reads its own memory", "memory of a process"),
        ("mends the code of a function", "cannot be made others"),
    ],
)
def test_the_report_says_what_happened(
    graded: dict[str, ExerciseResult], name: str, word: str
) -> None:
    assert word in str(graded[name].checks[0].message)


@pytest.mark.parametrize("name", ["defines a given class anew", "defines a given function anew"])
def test_a_name_that_was_taken_is_told(graded: dict[str, ExerciseResult], name: str) -> None:
    (word,) = graded[name].repairs
    assert word.endswith("given by the exercise, whose own was used: choose another name")
