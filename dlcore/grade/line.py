"""The line between the grader and the guard in the kernel, which no cell takes part in."""

import hashlib
import hmac
import secrets
import socket

RESTORE, REMEMBER = b"R", b"K"
NONCE, PROOF = 16, 32  # bytes of a question's number, and of the answer to it
_PATIENCE = 10.0  # seconds to wait for the guard


class Line:
    """Speaks to the guard of one kernel.

    The guard connects to `port` from a thread of its own and is told a secret. Each order carries
    a number that is used once, and is answered by proof that the guard, and nobody else, has
    carried it out.
    """

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0), backlog=1)
        self._server.settimeout(_PATIENCE)
        self._secret = secrets.token_bytes(PROOF)
        self._guard: socket.socket | None = None
        self.port: int = self._server.getsockname()[1]

    def pick_up(self) -> bool:
        """Wait for the guard to call, and tell it the secret.

        Returns
        -------
        bool
            Whether it has called and carries out orders.
        """
        try:
            self._guard, _ = self._server.accept()
            self._guard.settimeout(_PATIENCE)
            self._guard.sendall(self._secret)
        except OSError:
            return False
        finally:
            self._server.close()
        return self.order(RESTORE)

    def order(self, what: bytes) -> bool:
        """Have an order carried out.

        Parameters
        ----------
        what : bytes
            `RESTORE` or `REMEMBER`.

        Returns
        -------
        bool
            Whether the guard has proved that it was.
        """
        if self._guard is None:
            return False
        asked = what + secrets.token_bytes(NONCE)
        try:
            self._guard.sendall(asked)
            proof = self._guard.recv(PROOF, socket.MSG_WAITALL)
        except OSError:
            return False
        return hmac.compare_digest(proof, hmac.digest(self._secret, asked, hashlib.sha256))

    def close(self) -> None:
        """Hang up."""
        self._server.close()
        if self._guard is not None:
            self._guard.close()
