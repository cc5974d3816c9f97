"""A server for the built site on this machine: the right types, and texts sent packed."""

import functools
import gzip
import io
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO

TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm"}
# What is not packed already, as pictures and wheels are.
PACKED = ("text/", "application/json", "application/wasm", "image/svg+xml")


@functools.lru_cache(256)
def _packed(path: str, modified: int) -> bytes:
    """Return a file as gzip; level 1 takes 0.4 s for the largest, level 6 four times that."""
    return gzip.compress(Path(path).read_bytes(), 1 if path.endswith(".wasm") else 6)


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, **TYPES}  # noqa: RUF012

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal quiet."""

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Send a text as gzip to a browser that takes it, and all else as it is."""
        path = Path(self.translate_path(self.path))
        kind = self.guess_type(path)
        wanted = "gzip" in self.headers.get("Accept-Encoding", "") and kind.startswith(PACKED)
        if not wanted or not path.is_file() or "If-Modified-Since" in self.headers:
            return super().send_head()
        modified = path.stat().st_mtime_ns
        content = _packed(str(path), modified)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Last-Modified", self.date_time_string(modified // 10**9))
        self.end_headers()
        return io.BytesIO(content)


def server_of(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return a server for a folder, on this machine alone.

    Parameters
    ----------
    folder : Path
        The built site.
    port : int
        The port; 0 for any that is free.

    Returns
    -------
    ThreadingHTTPServer
        Not yet serving.

    Raises
    ------
    OSError
        If the port is taken.
    OverflowError
        If there is no such port.
    """
    handler = functools.partial(_Handler, directory=str(folder))
    return ThreadingHTTPServer(("127.0.0.1", port), handler)
