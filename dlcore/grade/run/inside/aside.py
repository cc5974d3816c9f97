"""What an answer prints while a check runs, kept apart from what the check prints."""

import sys
from typing import Any

from dlcore.grade.run.inside.frames import by_answer

MARK = "printed by the answer:\n"


class aside:  # noqa: N801 (used as a word of a with statement)
    """Send what an answer prints to the other stream, as long as the block runs.

    Debugging is no part of an answer, and a check compares what it prints itself.
    """

    def __enter__(self) -> None:
        """Take the place of the stream."""
        self.stream, self.said = sys.stdout, False
        sys.stdout = self

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        if sys.stdout is self:  # otherwise the guard is to see what is there
            sys.stdout = self.stream

    def __getattr__(self, name: str) -> Any:
        """Return what the stream has under a name."""
        return getattr(self.stream, name)

    def write(self, text: str) -> int:
        """Write a text where it belongs.

        Parameters
        ----------
        text : str
            What is printed.

        Returns
        -------
        int
            The number of characters.
        """
        if not by_answer():
            return int(self.stream.write(text))
        if not self.said:
            self.said = True
            sys.stderr.write(MARK)
        return int(sys.stderr.write(text))
