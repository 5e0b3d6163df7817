"""What a virus scanner has to offer."""

from abc import abstractmethod

from integrations.common.providers import Provider


class VirusFound(Exception):
    """The scanner knows what is in the data as harmful; the text is its name for that."""


class ScannerUnavailable(Exception):
    """The scanner is away, slow or makes no sense: nothing is known of the data.

    The text is one of our own words, for the log.
    """


class AntivirusProvider(Provider):
    """A scanner that has looked at every byte when it returns; different threads ask it at once."""

    @abstractmethod
    def scan(self, data: bytes) -> None:
        """Return when the data are clean.

        Raises:
            VirusFound: with the scanner's name of it.
            ScannerUnavailable: whether they are clean is not known.
        """
