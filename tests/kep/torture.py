"""Mutated messages, certificates, CRLs, OCSP answers, envelopes and trust lists.

Whatever the bytes, only our own errors come back, each within two seconds and 256 MB, and no
mutation makes another content or another person valid.

    python -m tests.kep.torture --count 20000 [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from integrations.kep.answer import open_answer
from integrations.kep.certificates import Usage, read_certificates
from integrations.kep.der import SEQUENCE, encode, parse
from integrations.kep.envelope import RecipientKey
from integrations.kep.errors import KepError
from integrations.kep.identity import extract_identity
from integrations.kep.inspect import describe
from integrations.kep.path import build_path
from integrations.kep.revocation import StaticSource, check
from integrations.kep.trust import TrustStore, load_certificates, store_of
from integrations.kep.trust_list import read_list
from integrations.kep.verify import verify
from sandbox.authority import maker
from sandbox.authority.envelopes import Envelope, make
from sandbox.authority.keys import DstuPrivateKey, EcPrivateKey
from sandbox.authority.maker import AT, OcspAnswer, Subject
from tests.harness.memory import peak_megabytes
from tests.steps.kep import DATA
from tests.steps.trust_lists import GRANTED, QUALIFIED, service, xml

SECONDS = 2.0
MEGABYTES = 256
INTERESTING = (
    0x00,
    0x01,
    0x02,
    0x03,
    0x04,
    0x05,
    0x06,
    0x1F,
    0x30,
    0x31,
    0x7F,
    0x80,
    0x84,
    0xA0,
    0xFF,
)

Target = Callable[[bytes], None]


@dataclass
class Report:
    """What a run found."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0


class Samples:
    """Sound bytes of every kind with the function that reads them."""

    def __init__(self) -> None:
        self.root = maker.authority("Root", DstuPrivateKey("root"))
        self.authority = maker.authority("Authority", DstuPrivateKey("authority"), self.root)
        self.person = maker.issue(Subject(), DstuPrivateKey("person"), self.authority)
        agreeing = Subject(usage=[Usage.KEY_AGREEMENT], attributes={}, statements=())
        self.portal = maker.issue(agreeing, DstuPrivateKey("portal"), self.authority)
        self.broker = maker.issue(agreeing, DstuPrivateKey("broker"), self.authority)
        ec_root = maker.authority("EC", EcPrivateKey())
        ec_person = maker.issue(Subject(), EcPrivateKey(), ec_root)
        stored = [load_certificates(path)[0] for path in sorted((DATA / "trust").iterdir())]
        stored += [holder.certificate for holder in (self.root, self.authority, ec_root)]
        self.trust: TrustStore = store_of(stored, no_revocation=stored)
        self.targets: list[tuple[str, bytes, Target]] = []
        expected = json.loads((DATA / "expected.json").read_text())
        for case in expected["cms"]:
            content = (DATA / case["content"]).read_bytes()
            self._add("message", (DATA / case["file"]).read_bytes(), self._message(content))
        for holder in (self.person, ec_person):
            self._add("message", maker.sign(holder), self._message(b"challenge"))
        for certificate in [*stored, self.person.certificate, ec_person.certificate]:
            self._add("certificate", certificate.raw, self._certificate)
        sample_crl = (DATA / "revocation" / "ca-dstu.crl").read_bytes()
        for crl in (sample_crl, maker.make_crl(self.authority, [self.root.certificate])):
            self._add("crl", crl, self._crl)
        purposes = ["1.3.6.1.5.5.7.3.9"]
        responder = maker.issue(
            Subject(purposes=purposes), DstuPrivateKey("responder"), self.authority
        )
        for answer in (OcspAnswer(), OcspAnswer("revoked"), OcspAnswer(responder=responder)):
            made = maker.make_ocsp(self.authority, self.person.certificate, answer)
            self._add("ocsp", made, self._ocsp)
        signed = maker.sign(self.person, maker.Message(content=b"{}"))
        listed = xml(service(self.authority.raw, GRANTED, QUALIFIED, "http://x/ocsp"))
        self._add("trust list", listed, read_list_quietly)
        for wanted in (Envelope(), Envelope(static=False), Envelope(content=signed)):
            self._add("envelope", make(self.portal, self.broker, wanted), self._envelope)

    def _add(self, kind: str, data: bytes, target: Target) -> None:
        self.targets.append((kind, data, target))

    def _message(self, content: bytes) -> Target:
        source = StaticSource(crl_files=[maker.make_crl(self.authority)])
        people = {
            "3287401015",
            "3123407177",
            "3030308081",
            "3333304048",
            "3111105058",
            "2901122222",
        }

        def target(data: bytes) -> None:
            verdict = verify(data, trust=self.trust, at=AT, content=content, source=source)
            if not verdict.valid:
                raise KepError(verdict.reason)
            if verdict.content != content or verdict.identity is None:
                raise AssertionError("another content was accepted")
            if verdict.identity.rnokpp not in people:
                raise AssertionError("another person was accepted")

        return target

    def _certificate(self, data: bytes) -> None:
        for certificate in read_certificates(data):
            describe(certificate.raw)
            extract_identity(certificate)
            path = build_path(certificate, trust=self.trust, hints=[certificate], at=AT)
            if all(certificate.tbs != known.tbs for known in path[1:]):
                self._require_known(certificate.tbs)

    def _require_known(self, tbs: bytes) -> None:
        if not any(tbs in data for _, data, _ in self.targets):
            raise AssertionError("a changed certificate was accepted")

    def _crl(self, data: bytes) -> None:
        source = StaticSource(crl_files=[data])
        check(self.person.certificate, self.authority.certificate, source=source, at=AT)
        describe(data)

    def _ocsp(self, data: bytes) -> None:
        source = StaticSource(ocsp_files=[data])
        check(self.person.certificate, self.authority.certificate, source=source, at=AT)
        describe(data)

    def _envelope(self, data: bytes) -> None:
        key = self.portal.key
        if isinstance(key, DstuPrivateKey):
            open_answer(
                data,
                recipient=RecipientKey(self.portal.certificate, key.scalar),
                trust=self.trust,
                at=AT,
                originators=[self.broker.certificate],
            )
        describe(data)


def read_list_quietly(data: bytes) -> None:
    """Reads a trust list for its refusals only."""
    read_list(data)


def mutate(data: bytes, donor: bytes, chance: random.Random) -> bytes:
    """Returns a copy with one to four random changes."""
    content = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        if not content:
            break
        position = chance.randrange(len(content))
        length = min(chance.choice((1, 1, 2, 4, 16, 64)), len(content) - position)
        match chance.randrange(8):
            case 0 | 1:
                content[position] ^= 1 << chance.randrange(8)
            case 2 | 3:
                content[position] = chance.choice(INTERESTING)
            case 4:
                del content[position : position + length]
            case 5:
                content[position:position] = content[position : position + length] * chance.choice(
                    (1, 9)
                )
            case 6:
                start = chance.randrange(len(donor))
                content[position : position + length] = donor[start : start + length]
            case _:
                del content[chance.choice((position, len(content) - length)) :]
    return bytes(content)


@dataclass
class Part:
    """An element whose contents are elements in turn, or bytes."""

    tag: int
    content: bytes
    parts: list[Part]

    def octets(self) -> bytes:
        """The element with lengths that are true."""
        return encode(self.tag, *([part.octets() for part in self.parts] or [self.content]))


def parts_of(content: bytes) -> list[Part]:
    """Takes contents apart, as deep as they are elements; also inside OCTET STRINGs."""
    try:
        nodes = list(parse(encode(SEQUENCE, content)).children())
    except KepError:
        return []
    return [Part(node.tag, node.content, parts_of(node.content)) for node in nodes]


def places_in(parts: list[Part]) -> list[tuple[list[Part], int]]:
    """Every element at any depth: its list and its place there."""
    own = [(parts, place) for place in range(len(parts))]
    return own + [inner for part in parts for inner in places_in(part.parts)]


def reshape(data: bytes, chance: random.Random) -> bytes:
    """Drops, repeats, empties or moves one element at any depth; the lengths around it stay true.

    So the readers get deeper than with bytes changed anywhere.
    """
    whole = parts_of(data)
    places = places_in(whole)
    if not places:
        return data
    siblings, place = chance.choice(places)
    match chance.randrange(4):
        case 0:
            del siblings[place]
        case 1:
            siblings.insert(place, siblings[place])
        case 2:
            siblings[place] = Part(siblings[place].tag, b"", [])
        case _:
            chance.shuffle(siblings)
    return b"".join(part.octets() for part in whole)


def run(count: int, seed: int, samples: Samples | None = None) -> Report:
    """Reads ``count`` mutations.

    Raises:
        AssertionError: A reader was slow or accepted what it must not. Any other exception but
            :class:`KepError` is a finding too and comes through.
    """
    made = samples or Samples()
    chance = random.Random(seed)
    report = Report()
    for number in range(count):
        kind, data, target = chance.choice(made.targets)
        if chance.randrange(3):
            mutated = mutate(data, chance.choice(made.targets)[1], chance)
        else:
            mutated = reshape(data, chance)
        started = time.perf_counter()
        try:
            target(mutated)
            outcome = "accepted"
        except KepError as error:
            outcome = error.reason.value
        except Exception:
            sys.stderr.write(f"seed {seed}, number {number}, {kind}: {mutated.hex()}\n")
            raise
        seconds = time.perf_counter() - started
        report.outcomes[f"{kind}: {outcome}"] += 1
        report.slowest = max(report.slowest, seconds)
        if seconds > SECONDS:
            raise AssertionError(f"{kind} took {seconds:.1f} s: {mutated.hex()}")
    return report


def main() -> int:
    """Runs from the command line and prints what happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    report = run(options.count, options.seed)
    peak = peak_megabytes()
    for outcome, number in sorted(report.outcomes.items()):
        print(f"{number:7} {outcome}")
    print(f"slowest {report.slowest * 1000:.0f} ms, peak memory {peak} MB")
    return 0 if peak <= MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
