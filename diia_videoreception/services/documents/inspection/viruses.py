"""Has an upload scanned by the portal's virus scanner, where it has one."""

import logging

from diia_videoreception.providers import ProviderMisconfigured, antivirus_provider
from diia_videoreception.services.documents.inspection import errors
from integrations.antivirus.base import ScannerUnavailable, VirusFound

logger = logging.getLogger(__name__)


def require_clean(data: bytes, *, name: str) -> None:
    """Return when the scanner has found nothing, or when the portal has none.

    Takes as long as the scanner's own bound: call it outside of transactions.

    Raises:
        VirusFound: the scanner has found something.
        ScannerUnavailable: it could not be asked, or is set up wrongly; the same file may be accepted later.
    """
    try:
        scanner = antivirus_provider()
        if scanner is not None:
            scanner.scan(data)
    except VirusFound as found:
        # Neither the file's name nor whose it is: the log is read by more people than the file.
        logger.warning("A virus was found in an upload, which was not kept: %s", found)
        raise errors.VirusFound(name=name) from None
    except (ScannerUnavailable, ProviderMisconfigured) as error:
        logger.error("The virus scanner cannot be asked, no documents can be added: %s", error)  # noqa: TRY400
        raise errors.ScannerUnavailable(name=name) from error
