"""The files in which a signature in CMS is given away, to be checked outside."""

import io
import zipfile
from collections.abc import Mapping
from typing import Final

from integrations.identity.base import CONTENT_FILE, SIGNATURE_FILE, VerifiableFile
from integrations.kep.cms import detached, read_signed_data

ASIC_S: Final = "application/vnd.etsi.asic-s+zip"
ASIC_E: Final = "application/vnd.etsi.asic-e+zip"


def cms_file(evidence: Mapping[str, bytes], *, name: str) -> VerifiableFile:
    """Make the file that the state's verifier reads.

    A signature that carries its content is a file of its own; else both go into an ASiC-S container
    (ETSI EN 319 162-1).

    Raises:
        KepError: It is no CMS SignedData.
    """
    signature = evidence[SIGNATURE_FILE]
    if read_signed_data(signature).content is not None:
        return VerifiableFile(f"{name}.json.p7s", "application/pkcs7-signature", signature)
    files = {"manifest.json": evidence[CONTENT_FILE], "META-INF/signature.p7s": signature}
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
