"""The results of a class that are there already, each under the name of what it depends on."""

import json
import shutil
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any

from dlcore.grade.report import Report, as_json
from dlcore.storage import write_whole


class Kept:
    """A folder of results, which an interrupted run finds again.

    Parameters
    ----------
    out : Path
        The folder of the report; the results lie in it, in ``.results``.
    restart : bool
        Whether to forget what is there.

    Raises
    ------
    OSError
        If the folder cannot be made.
    """

    def __init__(self, out: Path, restart: bool = False) -> None:
        self.folder = out / ".results"
        if restart:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)

    def find(self, key: str) -> Report | None:
        """Return a result.

        Parameters
        ----------
        key : str
            The key of the task.

        Returns
        -------
        Report or None
            None if there is none, or none that can be read.
        """
        try:
            form = json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8"))
            return Report.from_json(form)
        except (OSError, ValueError):
            return None

    def keep(self, key: str, future: "Future[dict[str, Any]]") -> Report | str:
        """Keep a result that has come in.

        Parameters
        ----------
        key : str
            The key of the task.
        future : Future
            Of what the task returned.

        Returns
        -------
        Report or str
            The report; or the fault, which is not kept, so that the next run tries again.
        """
        try:
            found = future.result()
        except (Exception, CancelledError) as error:
            return f"the process that graded it was lost: {type(error).__name__}: {error}"
        if "fault" in found:
            return str(found["fault"])
        write_whole(self.folder / f"{key}.json", as_json(found["report"]))
        return Report.from_json(found["report"])
