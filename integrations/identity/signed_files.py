"""The files in which a signature in CMS is given away, to be checked outside."""

import io
import zipfile
from collections.abc import Mapping
from typing import Final

from integrations.identity.base import CONTENT_FILE, SIGNATURE_FILE, VerifiableFile
from integrations.kep.cms import read_signed_data

ASIC_S: Final = "application/vnd.etsi.asic-s+zip"


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
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as container:
        # First and not compressed, so that the type stands at a fixed place (A.1).
        container.writestr("mimetype", ASIC_S, zipfile.ZIP_STORED)
        container.writestr("manifest.json", evidence[CONTENT_FILE])
        container.writestr("META-INF/signature.p7s", signature)
    return VerifiableFile(f"{name}.asics", ASIC_S, archive.getvalue())
