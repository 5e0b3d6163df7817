"""Secured ZeroMQ: key pairs, who may connect, and messages that are checked before they are used.

with Authenticator(context=context, domain="reports", is_known=is_known):
    secure_server(socket, keys, domain="reports")
    apply_limits(socket, limits)
    socket.bind(endpoint)
    received = receive(socket)
    message = unpack(received.frames[1:], limits)
"""

from integrations.zmq.curve import (
    KeyFileError,
    KeyPair,
    is_public_key,
    new_key_pair,
    read_key_file,
    secure_client,
    secure_server,
    write_key_file,
)
from integrations.zmq.framing import (
    FramingError,
    Json,
    Message,
    MessageLimits,
    Part,
    Received,
    apply_limits,
    enable_ipv6,
    pack,
    receive,
    unpack,
)
from integrations.zmq.zap import Authenticator

__all__ = [
    "Authenticator",
    "FramingError",
    "Json",
    "KeyFileError",
    "KeyPair",
    "Message",
    "MessageLimits",
    "Part",
    "Received",
    "apply_limits",
    "enable_ipv6",
    "is_public_key",
    "new_key_pair",
    "pack",
    "read_key_file",
    "receive",
    "secure_client",
    "secure_server",
    "unpack",
    "write_key_file",
]
