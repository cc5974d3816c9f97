"""The line between the grader and the guard in the kernel, which no cell takes part in."""

import hashlib
import hmac
import secrets
import socket
from pathlib import Path

from dlcore.grade import limits

# The grader's orders: put things back, the same after a cell of the exercise itself, remember how
# they are, expect code of the learner.
RESTORE, SETTLE, REMEMBER, WATCH = b"R", b"E", b"K", b"W"
NONCE, PROOF = 16, 32  # bytes of a question's number, and of the answer to it
# What the guard may find when it puts things back.
GOOD, CHANGED, DATA, BUSY, SIGNALS = b"G", b"C", b"D", b"T", b"S"


class Line:
    """Speaks to the guard of one kernel.

    The guard connects to `address` from a thread of its own and is told a secret. Each order
    carries a number that is used once, and is answered by what the guard has found, with proof that
    it, and nobody else, has carried the order out.

    Parameters
    ----------
    folder : Path
        Where the line may have a name, if the system has sockets with names.
    """

    def __init__(self, folder: Path) -> None:
        self.address: str | int
        if hasattr(socket, "AF_UNIX"):
            self._server = socket.socket(socket.AF_UNIX)
            self.address = str(folder / f"line-{secrets.token_hex(4)}")
            self._server.bind(self.address)
            self._server.listen(1)
        else:
            self._server = socket.create_server(("127.0.0.1", 0), backlog=1)
            self.address = int(self._server.getsockname()[1])
        self._server.settimeout(limits.GUARD)
        self._secret = secrets.token_bytes(PROOF)
        self._guard: socket.socket | None = None
        self.filtered = False

    def pick_up(self) -> bool:
        """Wait for the guard to call, and tell it the secret.

        `filtered` then says whether the system refuses the kernel new processes and sockets.

        Returns
        -------
        bool
            Whether it has called and carries out orders.
        """
        try:
            self._guard, _ = self._server.accept()
            self._guard.settimeout(limits.GUARD)
            self._guard.sendall(self._secret)
            self.filtered = self._guard.recv(1) == b"1"
        except OSError:
            return False
        finally:
            self._server.close()
            if isinstance(self.address, str):
                Path(self.address).unlink(missing_ok=True)
        return bool(self.order(RESTORE))

    def order(self, what: bytes) -> bytes:
        """Have an order carried out.

        Parameters
        ----------
        what : bytes
            `RESTORE`; `SETTLE` and `REMEMBER`, after a cell of the exercise itself; or `WATCH`,
            before the first cell of the learner.

        Returns
        -------
        bytes
            What the guard has found, `GOOD` at best; nothing if it has not proved that it has
            carried out the order.
        """
        if self._guard is None:
            return b""
        asked = what + secrets.token_bytes(NONCE)
        try:
            self._guard.sendall(asked)
            answer = self._guard.recv(1 + PROOF, socket.MSG_WAITALL)
        except OSError:
            return b""
        found, proof = answer[:1], answer[1:]
        right = hmac.digest(self._secret, asked + found, hashlib.sha256)
        return found if hmac.compare_digest(proof, right) else b""

    def close(self) -> None:
        """Hang up."""
        self._server.close()
        if self._guard is not None:
            self._guard.close()
