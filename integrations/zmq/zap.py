"""Who may connect: a thread that ZeroMQ asks about every new CURVE client (ZAP, ZeroMQ RFC 27)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from types import TracebackType
from typing import Self

import zmq
from zmq.auth.thread import ThreadAuthenticator

logger = logging.getLogger(__name__)


class Authenticator:
    """Answers for one domain of one context, from `start` to `stop` or in a `with` block.

    It is asked once per connection: whoever is inside stays inside. To shut somebody out at once,
    look the sender up on every message by `Received.public_key`.
    There can be one authenticator per context.

    Args:
        context: The context of the server's sockets.
        domain: The exact domain given to `secure_server`; other domains are refused.
        is_known: Gets the client's public key (Z85) and tells whether it may connect. It runs in
            the authenticator's thread.
        unsure: Errors of `is_known` that mean "cannot tell now": the client is refused and will
            try again. Any other error ends the thread, and nobody else gets in.
    """

    def __init__(
        self,
        *,
        context: zmq.Context[zmq.Socket[bytes]],
        domain: str,
        is_known: Callable[[str], bool],
        unsure: tuple[type[Exception], ...] = (),
    ) -> None:
        if not domain or domain == "*":
            raise ValueError("an authenticator needs the exact domain of its sockets")
        self._domain = domain
        self._is_known = is_known
        self._unsure = unsure
        self._thread = ThreadAuthenticator(context)
        self._thread.configure_curve_callback(domain=domain, credentials_provider=self)

    def start(self) -> None:
        """Start to answer; do it before the first socket is bound.

        Raises:
            zmq.ZMQError: The context has an authenticator already.
        """
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread; connections that are open stay open."""
        if not self.is_alive and self._thread.pipe:
            # pyzmq would wait for ever to tell a thread that has ended by an error.
            self._thread.pipe.close(0)
            self._thread.pipe = None  # type: ignore[assignment]
        self._thread.stop()

    @property
    def is_alive(self) -> bool:
        """Whether new clients are answered."""
        return self._thread.is_alive()

    def callback(self, domain: str, key: bytes) -> bool:
        """Answer pyzmq, which calls with the client's key in Z85."""
        public_key = key.decode("ascii")
        try:
            known = self._is_known(public_key)
        except self._unsure:
            logger.exception("Cannot tell whether a ZeroMQ client is known in %s", self._domain)
            return False
        if not known:
            logger.info("Refused the unknown ZeroMQ client %s in %s", public_key, self._domain)
        return known

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
