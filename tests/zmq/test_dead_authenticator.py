"""An authenticator whose thread has ended by an error lets go of its context."""

import threading

import pytest
import zmq

from integrations.zmq import Authenticator, apply_limits, new_key_pair, secure_client, secure_server
from integrations.zmq.framing import MessageLimits


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_stop__ends_after_the_thread_has_died() -> None:
    asked = threading.Event()

    def is_known(key: str) -> bool:
        asked.set()
        raise LookupError(key)

    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    authenticator = Authenticator(context=context, domain="test", is_known=is_known)
    authenticator.start()
    keys = new_key_pair()
    server, client = context.socket(zmq.ROUTER), context.socket(zmq.DEALER)
    apply_limits(server, MessageLimits())
    secure_server(server, keys, domain="test")
    port = server.bind_to_random_port("tcp://127.0.0.1")
    secure_client(client, new_key_pair(), server_public_key=keys.public)
    client.connect(f"tcp://127.0.0.1:{port}")
    assert asked.wait(60)
    authenticator._thread.thread.join(60)
    assert not authenticator.is_alive

    stopper = threading.Thread(target=authenticator.stop, daemon=True)
    stopper.start()
    stopper.join(60)

    assert not stopper.is_alive()
    context.destroy(linger=0)
