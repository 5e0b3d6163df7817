"""Trust lists: ETSI TS 119 612 XML and PKCS #7 bundles, applied only after review (rule C.5).

Reading a list changes nothing. It is compared with the trust store; a person reads the difference
and approves exactly that difference by its digest. Who signed the list is not decided here: the
national list is signed with ДСТУ 4145 XAdES, and the review stands in its place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from xml.parsers import expat

from integrations.kep.armour import decode_lines
from integrations.kep.certificates import Certificate, Usage, read_certificate
from integrations.kep.cms import SIGNED_DATA
from integrations.kep.der import INTEGER, SET, context, parse
from integrations.kep.errors import KepError, Reason
from integrations.kep.list_facts import LIST, ListFacts, read_facts, text_of
from integrations.kep.trust import OperatorInputError, ServiceUrls, read_directory

MAX_BYTES: Final = 32 * 1024 * 1024
SERVICES_FILE: Final = "services.json"

_MAX_ELEMENTS: Final = 500_000
_AUTHORITY_TYPES: Final = ("/CA/QC", "/CA/PKC", "/NationalRootCA-QC")
_Entry = tuple[bytes, str, ServiceUrls]
_ACTIVE: Final = ("/granted", "/recognisedatnationallevel", "/undersupervision", "/accredited")


@dataclass(frozen=True)
class ListedAuthority:
    """An active authority of a list."""

    certificate: Certificate
    title: str
    urls: ServiceUrls


@dataclass(frozen=True)
class TrustList:
    """What a list says.

    Attributes:
        authorities: Those that are active.
        others: Certificates that issue none: servers for OCSP, time stamps and CMP, of which a bundle
            is full. They have no place in a store of authorities.
        unreadable: How many more could not be read.
        facts: What the list says of itself.
    """

    authorities: tuple[ListedAuthority, ...]
    others: tuple[Certificate, ...]
    unreadable: int
    facts: ListFacts


@dataclass(frozen=True)
class TrustChange:
    """What a list would change in a store; nothing happens before :func:`apply`.

    Attributes:
        added: Authorities that are not in the store.
        removed: Certificates of the store that the list does not have as active. Roots are not
            among them: a list need not name the root above it, so they are removed by hand.
        moved: Authorities whose addresses differ. What the list leaves out stays as it is in the
            store: bundles name no addresses at all, and operators write them down themselves.
        digest: SHA-256 over all of it; approving means naming it.
    """

    added: tuple[ListedAuthority, ...]
    removed: tuple[Certificate, ...]
    moved: tuple[ListedAuthority, ...]
    digest: str


def read_list(data: bytes) -> TrustList:
    """Read a trust list (XML) or a bundle of certificates (PKCS #7, DER).

    Raises:
        KepError: ``malformed``, ``trailing_data`` or ``too_large``.
    """
    if len(data) > MAX_BYTES:
        raise KepError(Reason.TOO_LARGE, "trust list")
    start = data.lstrip()[:1]
    if start == b"<" or data.startswith(b"\xef\xbb\xbf<"):
        return _read_xml(data)
    return _read_bundle(data)


def compare(
    listed: TrustList,
    stored: Iterable[Certificate],
    services: dict[str, ServiceUrls],
) -> TrustChange:
    """Compare a list with the certificates and addresses of a store."""
    wanted = {item.certificate.fingerprint: item for item in listed.authorities}
    present = {certificate.fingerprint: certificate for certificate in stored}
    added = [item for print_, item in sorted(wanted.items()) if print_ not in present]
    removed = [
        item
        for print_, item in sorted(present.items())
        if print_ not in wanted and not item.self_issued
    ]
    moved = [
        replace(item, urls=urls)
        for print_, item in sorted(wanted.items())
        if print_ in present
        and (urls := _completed(item.urls, services.get(print_))) != services.get(print_)
        and urls != ServiceUrls()
    ]
    summary = json.dumps(
        [
            [[_row(item) for item in added], [_row(item) for item in moved]],
            [certificate.fingerprint for certificate in removed],
        ]
    )
    digest = hashlib.sha256(summary.encode()).hexdigest()
    return TrustChange(tuple(added), tuple(removed), tuple(moved), digest)


def _completed(listed: ServiceUrls, stored: ServiceUrls | None) -> ServiceUrls:
    known = stored or ServiceUrls()
    return ServiceUrls(ocsp=listed.ocsp or known.ocsp, crl=listed.crl or known.crl)


def apply(change: TrustChange, directory: Path, *, approved: str) -> None:
    """Write a reviewed change into the directory of a trust store.

    Args:
        change: The difference.
        directory: Where the store's certificates lie.
        approved: The digest of the difference that a person has read.

    Raises:
        OperatorInputError: Another difference was approved, an authority to be removed stands in one
            file with others, or the directory cannot be written.
    """
    if approved != change.digest:
        raise OperatorInputError("this is not the change that was approved")
    services = read_services(directory)
    removed = {certificate.fingerprint for certificate in change.removed}
    leaving = _files_of(removed, directory)
    for item in (*change.added, *change.moved):
        services[item.certificate.fingerprint] = item.urls
    kept = {key: item for key, item in services.items() if key not in removed}
    text = json.dumps(
        {key: {"ocsp": item.ocsp, "crl": item.crl} for key, item in sorted(kept.items())},
        indent=1,
    )
    try:
        # Addresses first: an authority without any would be refused by whoever reads just now.
        _replace(directory / SERVICES_FILE, f"{text}\n".encode())
        for item in change.added:
            _replace(directory / f"{item.certificate.fingerprint}.cer", item.certificate.raw)
        for path in leaving:
            path.unlink()
    except OSError as error:
        raise OperatorInputError(f"{directory}: {error.strerror}") from error


def _replace(path: Path, data: bytes) -> None:
    """Write a file that running servers read at any moment: they find all of it or the former."""
    unfinished = path.with_suffix(".tmp")
    unfinished.write_bytes(data)
    unfinished.replace(path)


def _files_of(removed: set[str], directory: Path) -> list[Path]:
    """Find the files that hold authorities to be removed, and nothing else."""
    files: list[Path] = []
    for path, certificates in read_directory(directory).items():
        fingerprints = {certificate.fingerprint for certificate in certificates}
        if fingerprints <= removed:
            files.append(path)
        elif fingerprints & removed:
            raise OperatorInputError(f"{path}: put each authority into a file of its own first")
    return files


def read_services(directory: Path) -> dict[str, ServiceUrls]:
    """Read the addresses beside a trust store, by fingerprint of the authority.

    Raises:
        OperatorInputError: The file exists but is not what :func:`apply` writes.
    """
    path = directory / SERVICES_FILE
    try:
        entries = json.loads(path.read_text())
        return {
            str(key): ServiceUrls(_optional(item["ocsp"]), _optional(item["crl"]))
            for key, item in entries.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise OperatorInputError(f"{path}: not a list of addresses") from error


def _optional(value: object) -> str | None:
    return None if value is None else str(value)


def _row(item: ListedAuthority) -> list[str | None]:
    return [item.certificate.fingerprint, item.title, item.urls.ocsp, item.urls.crl]


def _read_bundle(data: bytes) -> TrustList:
    outer = parse(data).fields()
    if outer.next().oid() != SIGNED_DATA:
        raise KepError(Reason.MALFORMED, "neither XML nor PKCS #7")
    fields = outer.next(context(0)).only().fields()
    outer.end()
    fields.next(INTEGER)
    fields.next(SET)
    fields.next()
    nodes = list(fields.next(context(0)).children())
    return _collect(((node.raw, "", ServiceUrls()) for node in nodes), ListFacts())


def _read_xml(data: bytes) -> TrustList:
    root = _parse_xml(data)
    if root.tag != f"{LIST}TrustServiceStatusList":
        raise KepError(Reason.MALFORMED, "not a trust list")
    return _collect(_listed(root), read_facts(root))


def _listed(root: Element) -> Iterator[_Entry]:
    for information in root.iter(f"{LIST}ServiceInformation"):
        kind = text_of(information, "ServiceTypeIdentifier")
        status = text_of(information, "ServiceStatus")
        if not kind.endswith(_AUTHORITY_TYPES) or not status.endswith(_ACTIVE):
            continue
        title = text_of(information, "ServiceName", "Name")
        urls = _urls(information)
        for element in information.iterfind(
            f"{LIST}ServiceDigitalIdentity/{LIST}DigitalId/{LIST}X509Certificate"
        ):
            yield _decode(element), title, urls


def _parse_xml(data: bytes) -> Element:
    """Parse XML without a document type, so without entities and without anything outside."""
    builder, elements = TreeBuilder(), count()
    parser = expat.ParserCreate(namespace_separator="}")

    def qualified(name: str) -> str:
        return "{" + name if "}" in name else name

    def refuse(*_: object) -> None:
        raise KepError(Reason.MALFORMED, "document type in a trust list")

    def start(name: str, _: object) -> None:
        if next(elements) == _MAX_ELEMENTS:
            raise KepError(Reason.TOO_LARGE, "trust list")
        builder.start(qualified(name), {})

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: builder.end(qualified(name))
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(data, True)
        return builder.close()
    except (expat.ExpatError, ParseError, ValueError, LookupError, AssertionError) as error:
        raise KepError(Reason.MALFORMED, "XML") from error


def _decode(element: Element) -> bytes:
    """Return the bytes of a certificate; what is no base64 is no certificate either."""
    try:
        return decode_lines(element.text or "")
    except ValueError:
        return b""


def _urls(information: Element) -> ServiceUrls:
    """Take the addresses from the supply points of a service."""
    path = f"{LIST}ServiceSupplyPoints/{LIST}ServiceSupplyPoint"
    points = [(point.text or "").strip() for point in information.iterfind(path)]
    urls = [point for point in points if point.startswith(("http://", "https://"))]
    return ServiceUrls(
        ocsp=next((url for url in urls if "ocsp" in url.lower()), None),
        crl=next((url for url in urls if url.lower().endswith(".crl")), None),
    )


def _collect(entries: Iterable[_Entry], facts: ListFacts) -> TrustList:
    """Read the certificates, each once; real lists hold a few that no strict reader accepts."""
    found: dict[str, ListedAuthority] = {}
    others: dict[str, Certificate] = {}
    unreadable = 0
    for data, title, urls in entries:
        try:
            certificate = read_certificate(data)
            authority = _is_authority(certificate)
        except KepError:
            unreadable += 1
            continue
        if authority:
            found[certificate.fingerprint] = ListedAuthority(certificate, title, urls)
        else:
            others[certificate.fingerprint] = certificate
    return TrustList(tuple(found.values()), tuple(others.values()), unreadable, facts)


def _is_authority(certificate: Certificate) -> bool:
    """Return whether a certificate may issue others, as those of the first version cannot say.

    Raises:
        KepError: ``malformed``.
    """
    if not certificate.extensions:
        return certificate.self_issued
    usage = certificate.key_usage
    may_sign = usage is None or Usage.KEY_CERT_SIGN in usage
    return certificate.basic_constraints.authority and may_sign
