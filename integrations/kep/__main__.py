"""Command line: ``python -m integrations.kep verify | open-envelope | inspect``, and
``trust-diff | trust-apply`` for the trust store.

Prints one JSON object. Exit code 0: accepted; 1: refused; 2: the input or the words on the
command line cannot be used.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Final, NoReturn

from integrations.kep import crl, ocsp
from integrations.kep.answer import open_answer
from integrations.kep.armour import remove_armour
from integrations.kep.certificates import Certificate
from integrations.kep.cms import read_format, read_signed_data
from integrations.kep.containers import detect_container
from integrations.kep.envelope import MAX_BYTES as ENVELOPE_OCTETS
from integrations.kep.envelope import RecipientKey, open_envelope
from integrations.kep.errors import KepError, Reason
from integrations.kep.identity import read_title
from integrations.kep.inspect import describe, describe_certificate
from integrations.kep.list_facts import warnings_of
from integrations.kep.revocation import Finding, StaticSource
from integrations.kep.trust import OperatorInputError, TrustStore, load_certificates, load_directory
from integrations.kep.trust_list import MAX_BYTES as LIST_OCTETS
from integrations.kep.trust_list import (
    ListedAuthority,
    TrustChange,
    TrustList,
    apply,
    compare,
    read_list,
    read_services,
)
from integrations.kep.verify import MAX_SIGNATURE_BYTES, Policy, SignatureVerdict, verify

ACCEPTED: Final = 0
REFUSED: Final = 1
UNUSABLE: Final = 2

_KEY_OCTETS: Final = 64 * 1024
_MAX_SIZE: Final = 1 << 30

Result = tuple[dict[str, object], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    commands = {
        "verify": _verify,
        "open-envelope": _open_envelope,
        "inspect": _inspect,
        "trust-diff": _trust_diff,
        "trust-apply": _trust_apply,
    }
    try:
        options = _options(words)
        result, code = commands[options.command](options)
    except OperatorInputError as error:
        sys.stderr.write(f"{error}\n")
        result, code = verdict_as_json(SignatureVerdict(Reason.MALFORMED)), UNUSABLE
    ascii_only = (sys.stdout.encoding or "").lower() != "utf-8"
    sys.stdout.write(json.dumps(result, ensure_ascii=ascii_only) + "\n")
    return code


def verdict_as_json(verdict: SignatureVerdict) -> dict[str, object]:
    """Return the JSON object of a verdict; the identity only when it is proven."""
    identity = verdict.identity
    return {
        "valid": verdict.valid,
        "reason": verdict.reason.value,
        "level": identity and identity.level.value,
        "rnokpp": identity and identity.rnokpp,
        "passport": identity and identity.passport,
        "unzr": identity and identity.unzr,
        "edrpou": identity and identity.edrpou,
        "name": identity and identity.name,
        "certificate": verdict.certificate and verdict.certificate.fingerprint,
        "format": None,
        "detail": verdict.detail,
        "claimed_signing_time": _iso(verdict.signing_time),
        "path": [
            {**_named(certificate), "revocation": finding and _finding_as_json(finding)}
            for certificate, finding in zip_longest(verdict.path, verdict.revocation)
        ],
    }


def _named(certificate: Certificate) -> dict[str, object]:
    return {
        "certificate": certificate.fingerprint,
        "subject": read_title(certificate.subject) or None,
        "not_after": _iso(certificate.not_after),
    }


def _finding_as_json(finding: Finding) -> dict[str, object] | None:
    """Tell on what the trust in one certificate rests; nothing where the operator excused it."""
    if finding.kind is None:
        return None
    return {
        "status": finding.status.value,
        "kind": finding.kind.value,
        "this_update": _iso(finding.this_update),
        "from": finding.origin and finding.origin.value,
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _format_of(message: bytes) -> str | None:
    """Name the format of a message, whatever the verdict; None for something else."""
    try:
        return read_format(read_signed_data(message).signer)
    except KepError:
        container = detect_container(message)
        return None if container is None else container.value


def _verify(options: argparse.Namespace) -> Result:
    limit = options.max_size
    message = _read_message(options.file, limit)
    verdict = verify(
        message,
        trust=_trust(options),
        at=options.at,
        content=None if options.content is None else _read(options.content, limit),
        source=_source(options),
        policy=Policy(max_bytes=limit, require_person=not options.allow_seal),
    )
    result = verdict_as_json(verdict) | {"format": _format_of(message)}
    return result, ACCEPTED if verdict.valid else REFUSED


def _open_envelope(options: argparse.Namespace) -> Result:
    recipient = RecipientKey(_certificates([options.certificate])[0], _scalar(options.key))
    originators = _certificates(options.originator)
    envelope = _read_message(options.file, ENVELOPE_OCTETS)
    signature: dict[str, object] | None = None
    try:
        recipient.require_match()
        if options.trust is None:
            opened = open_envelope(envelope, recipient=recipient, originators=originators)
            if opened.holds_signed_data:
                raise KepError(Reason.UNTRUSTED_ISSUER, "signed content needs a trust store")
            content, originator = opened.content, opened.originator
        else:
            answer = open_answer(
                envelope,
                recipient=recipient,
                originators=originators,
                trust=_trust(options),
                source=_source(options),
                at=options.at,
            )
            content, originator = answer.content, answer.originator
            if answer.signature is not None:
                signature = verdict_as_json(answer.signature)
    except KepError as error:
        return {"valid": False, "reason": error.reason.value, "content": None}, REFUSED
    if options.output is not None:
        _write(options.output, content)
    return {
        "valid": True,
        "reason": Reason.VALID.value,
        "originator": originator and originator.fingerprint,
        "originator_trusted": originator is not None and options.trust is not None,
        "signature": signature,
        **_content_as_json(content, written=options.output is not None),
    }, ACCEPTED


def _inspect(options: argparse.Namespace) -> Result:
    try:
        return describe(_read(options.file, crl.MAX_BYTES)), ACCEPTED
    except KepError as error:
        return {"kind": None, "reason": error.reason.value}, REFUSED


def _trust_change(options: argparse.Namespace) -> tuple[TrustList, TrustChange]:
    try:
        listed = read_list(_read(options.file, LIST_OCTETS))
    except KepError as error:
        raise OperatorInputError(f"{options.file}: {error}") from error
    store = load_directory(options.trust)
    stored = (*store.anchors, *store.intermediates)
    return listed, compare(listed, stored, read_services(options.trust))


def _trust_diff(options: argparse.Namespace) -> Result:
    listed, change = _trust_change(options)
    facts = listed.facts
    return {
        "digest": change.digest,
        "added": [_authority_as_json(item) for item in change.added],
        "removed": [describe_certificate(item) for item in change.removed],
        "moved": [_authority_as_json(item) for item in change.moved],
        "unreadable": listed.unreadable,
        "left_out": [_named(item) for item in listed.others],
        "list": {
            "operator": facts.operator or None,
            "sequence": facts.sequence,
            "issued": _iso(facts.issued),
            "next_update": _iso(facts.next_update),
            "signed": facts.signed,
            "signer": facts.signer and _named(facts.signer),
        },
        "warnings": warnings_of(facts, datetime.now(UTC)),
    }, ACCEPTED


def _trust_apply(options: argparse.Namespace) -> Result:
    _, change = _trust_change(options)
    apply(change, options.trust, approved=options.approve)
    return {"applied": change.digest}, ACCEPTED


def _authority_as_json(item: ListedAuthority) -> dict[str, object]:
    return {
        **describe_certificate(item.certificate),
        "title": item.title,
        "ocsp": item.urls.ocsp,
        "crl": item.urls.crl,
    }


def _content_as_json(content: bytes, *, written: bool) -> dict[str, object]:
    if written:
        return {}
    try:
        return {"content": content.decode()}
    except UnicodeDecodeError:
        return {"content_base64": base64.b64encode(content).decode()}


def _trust(options: argparse.Namespace) -> TrustStore:
    store = load_directory(
        options.trust,
        pinned=_certificates(options.anchor),
        no_revocation=_certificates(options.allow_no_revocation),
    )
    if not (store.anchors or store.intermediates):
        raise OperatorInputError(f"{options.trust}: no certificate to trust")
    return store


def _source(options: argparse.Namespace) -> StaticSource:
    return StaticSource(
        crl_files=[_read(path, crl.MAX_BYTES) for path in options.crl],
        ocsp_files=[_read(path, ocsp.MAX_BYTES) for path in options.ocsp],
    )


def _certificates(paths: Sequence[Path]) -> list[Certificate]:
    return [certificate for path in paths for certificate in load_certificates(path)]


def _scalar(source: str) -> int:
    """Read the private scalar d: hex in a file, or in a member of a JSON file (FILE#NAME)."""
    path, _, name = source.partition("#")
    try:
        text = _read(Path(path), _KEY_OCTETS).decode("ascii")
        if name:
            text = str(json.loads(text)[name])
        scalar = int(text.strip(), 16)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise OperatorInputError(f"{path}: no private scalar in hex") from error
    if scalar <= 0:
        raise OperatorInputError(f"{path}: no private scalar in hex")
    return scalar


def _read(path: Path, limit: int) -> bytes:
    """Read a file of at most ``limit`` bytes; of a larger one, enough to be refused for it."""
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise OperatorInputError(f"{path}: {error.strerror}") from error


def _read_message(path: Path, limit: int) -> bytes:
    """Read a message of at most ``limit`` bytes, which is a third longer in base64."""
    return remove_armour(_read(path, 2 * limit))


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise OperatorInputError(f"{path}: {error.strerror}") from error


def _moment(text: str) -> datetime:
    """Read an ISO time; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no ISO time") from error


def _size(text: str) -> int:
    """Read a number of bytes."""
    size = int(text)
    if not 0 <= size <= _MAX_SIZE:
        raise argparse.ArgumentTypeError(f"{text} is no size")
    return size


class _Parser(argparse.ArgumentParser):
    """Tells of wrong words as of every other unusable input, not by leaving the program."""

    def error(self, message: str) -> NoReturn:
        raise OperatorInputError(f"{self.format_usage()}{self.prog}: {message}")


def _options(words: list[str]) -> argparse.Namespace:
    parser = _parser()
    options = parser.parse_args(words)
    _take_file_from_list(options, words, parser)
    return options


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m integrations.kep", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("verify", help="verify a signature")
    check.add_argument("--content", type=Path, metavar="FILE", help="what must be signed")
    check.add_argument("--max-size", type=_size, default=MAX_SIGNATURE_BYTES, metavar="OCTETS")
    check.add_argument("--allow-seal", action="store_true", help="accept seals of organisations")
    opener = commands.add_parser("open-envelope", help="decrypt an envelope for our certificate")
    opener.add_argument("--key", required=True, metavar="FILE[#NAME]", help="scalar in hex")
    opener.add_argument("--certificate", type=Path, required=True, metavar="FILE")
    opener.add_argument("--output", type=Path, metavar="FILE")
    _add_list(opener, "--originator", "certificate of a possible sender")
    for command, needs_trust in ((check, True), (opener, False)):
        command.add_argument("--trust", type=Path, required=needs_trust, metavar="DIR")
        command.add_argument("--at", type=_moment, default=datetime.now(UTC), metavar="ISO-TIME")
        _add_list(command, "--crl", "revocation list")
        _add_list(command, "--ocsp", "OCSP answer")
        _add_list(command, "--anchor", "further anchor, self-signed or not")
        _add_list(command, "--allow-no-revocation", "authority without revocation data")
    commands.add_parser("inspect", help="describe a file without believing it")
    differ = commands.add_parser("trust-diff", help="compare a trust list with the trust store")
    applier = commands.add_parser("trust-apply", help="apply a change that was read and approved")
    applier.add_argument("--approve", required=True, metavar="DIGEST", help="from trust-diff")
    for command in (differ, applier):
        command.add_argument("--trust", type=Path, required=True, metavar="DIR")
    for command in commands.choices.values():
        command.add_argument("file", type=Path, nargs="?", metavar="FILE")
    return parser


def _add_list(parser: argparse.ArgumentParser, name: str, text: str) -> None:
    parser.add_argument(
        name, type=Path, nargs="+", action="extend", default=[], metavar="FILE", help=text
    )


def _take_file_from_list(
    options: argparse.Namespace, words: list[str], parser: argparse.ArgumentParser
) -> None:
    """Let the file follow a list option, as in ``--crl A B FILE``: the last word is the file."""
    if options.file is not None:
        return
    last = Path(words[-1])
    for name in ("crl", "ocsp", "anchor", "allow_no_revocation", "originator"):
        values = getattr(options, name, [])
        if len(values) > 1 and values[-1] == last and words[-2] != f"--{name.replace('_', '-')}":
            options.file = values.pop()
            return
    parser.error("the file is missing")


if __name__ == "__main__":
    sys.exit(main())
