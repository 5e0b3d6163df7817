"""The files in which a signature in CMS is given away, and comes from other programs."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from integrations.identity.base import (
    CONTENT_FILE,
    MANIFEST,
    SIGNATURE_FILE,
    IdentityError,
    VerifiableFile,
)
from integrations.identity.reasons import SignInRefusal
from integrations.kep.cms import detached, read_signed_data
from integrations.kep.verify import MAX_SIGNATURE_BYTES

ASIC_S: Final = "application/vnd.etsi.asic-s+zip"
ASIC_E: Final = "application/vnd.etsi.asic-e+zip"


_MAX_FILES: Final = 100
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    zlib.error,
    struct.error,
    lzma.LZMAError,
)
"""What `zipfile` raises on files that are none, are encrypted or broken."""


def cms_file(
    evidence: Mapping[str, bytes], *, name: str, content_name: str = MANIFEST
) -> VerifiableFile:
    """Make the file that the state's verifier reads.

    A signature that carries its content is a file of its own; else both go into an ASiC-S container
    (ETSI EN 319 162-1).

    Raises:
        KepError: It is no CMS SignedData.
    """
    signature, ending = evidence[SIGNATURE_FILE], PurePosixPath(content_name).suffix
    if read_signed_data(signature).content is not None:
        return VerifiableFile(f"{name}{ending}.p7s", "application/pkcs7-signature", signature)
    files = {content_name: evidence[CONTENT_FILE], "META-INF/signature.p7s": signature}
    return VerifiableFile(f"{name}.asics", ASIC_S, _container(ASIC_S, files))


def document_file(
    evidence: Mapping[str, bytes], *, document: VerifiableFile, name: str
) -> VerifiableFile:
    """Make the ASiC-E container of a document whose `ASiCManifest.xml` was signed (ETSI EN 319 162-1).

    Args:
        document: As the manifest names it.
        name: Of the container, without ending.

    Raises:
        KepError: It is no CMS SignedData.
    """
    files = {
        document.name: document.data,
        "META-INF/ASiCManifest.xml": evidence[CONTENT_FILE],
        "META-INF/signature.p7s": detached(evidence[SIGNATURE_FILE]),
    }
    return VerifiableFile(f"{name}.asice", ASIC_E, _container(ASIC_E, files))


def _container(media_type: str, files: Mapping[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as container:
        # First and not compressed, so that the type stands at a fixed place (A.1).
        container.writestr("mimetype", media_type, zipfile.ZIP_STORED)
        for name, data in files.items():
            container.writestr(name, data)
    return archive.getvalue()


def signature_of_asics(data: bytes) -> bytes:
    """Return the one CAdES signature of an ASiC-S container.

    What else is in it is not looked at: the signature has to be over the text that is known already.

    Raises:
        IdentityError: `unsupported_container` for one without a CAdES signature, `several_signers`,
            `malformed` and `too_large`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            files = container.infolist()
            if len(files) > _MAX_FILES:
                raise IdentityError(SignInRefusal.TOO_LARGE)
            found = [file for file in files if _is_signature(file.filename)]
            if not found:
                raise IdentityError(SignInRefusal.UNSUPPORTED_CONTAINER, "ASiC-S")
            if len(found) > 1:
                raise IdentityError(SignInRefusal.SEVERAL_SIGNERS)
            with container.open(found[0]) as file:
                signature = file.read(MAX_SIGNATURE_BYTES + 1)
    except _UNREADABLE as error:
        raise IdentityError(SignInRefusal.MALFORMED) from error
    if len(signature) > MAX_SIGNATURE_BYTES:
        raise IdentityError(SignInRefusal.TOO_LARGE)
    return signature


def _is_signature(name: str) -> bool:
    path = name.lower()
    return path.startswith("meta-inf/") and path.endswith(".p7s")
