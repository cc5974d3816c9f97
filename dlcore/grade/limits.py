"""All that the grader limits, each with its reason.

The enclosure gets its numbers from here in the description of its room, since it is run before
anything of dlcore is loaded.
"""

# What is read.
NOTEBOOK = 256 * 2**20  # bytes; what is larger holds stored outputs that nobody needs
SOURCE = 200_000  # characters of an answer; the longest of the book has a few thousand

# Time, in seconds.
TIMEOUT = 30.0  # a cell, unless something else is asked for; the slowest of the book takes six
TOTAL = 600.0  # all answers and checks of a notebook, so that a class comes to an end
START = 600.0  # kernels and the exercise's own cells, all together, beside `TOTAL`
GIVEN_CELL = 120.0  # a cell of the exercise itself, which may read a data set
KERNEL = 120.0  # until a kernel has come up on a busy machine
GUARD = 60.0  # until the guard answers, which may have to share the machine
THREADS_END = 1.0  # until threads that a cell has started must be gone

# What the system gives the kernel.
MEMORY = 4096  # mebibytes; PyTorch alone wants two thousand
PROCESSOR = 600  # seconds of each of the machine's cores, for what time limits do not see
FILE_SIZE = 64  # mebibytes of one file, far above what a checkpoint of the book takes
DISK = 256  # mebibytes of the temporary folder, which lies in memory
OPEN_FILES = 1024  # what systems give by default
PROCESSES = 512  # threads count too: enough for a library on a large machine, and no fork bomb

# What a cell says.
OUTPUT = 200_000  # characters, those of errors too; more is a flood, and none of it is read
OF_MESSAGE = 20  # characters that each message counts besides, so that many small ones are a flood
HEADS = 1000  # characters of what a message says of itself that do not count
MESSAGE = 8 * 2**20  # bytes of one message from the kernel; what is longer is never received
NESTED = 50  # lists in lists of an answer, so that making them plain comes to an end

# What is told.
SHOWN = 2000  # characters of an output, or of an error, in a report
SHOWN_LINE = 200  # characters of a line of an answer
SHOWN_LINES = 12  # of an output on a terminal
FILE_NAME = 200  # bytes of a name in a report; systems take 255, with a mark and an ending
FAULTS = 10  # notebooks of a class that are named on the terminal

# Names of sockets may have no more than 104 characters, of which the grader's own part takes 44.
TEMPORARY_FOLDER = 60  # characters of the path of the folder for temporary files


def too_large() -> str:
    """Say that a notebook is not read.

    Returns
    -------
    str
        What the learner reads.
    """
    return f"larger than {NOTEBOOK // 2**20} MiB: clear its outputs and save it again"


def too_long(seconds: float, more: str = "--timeout") -> str:
    """Say that a cell was stopped.

    Parameters
    ----------
    seconds : float
        The time that it had.
    more : str
        What the learner can set to give it more.

    Returns
    -------
    str
        What the learner reads.
    """
    return (
        f"stopped after {seconds:g} seconds: does every loop come to an end? If so, the machine "
        f"may be busy: {more} gives it more time"
    )
