"""Why a person is sent to the sign-in page: in its address, and for what it says and offers."""

from enum import StrEnum


class SignInReason(StrEnum):
    """What addresses of the sign-in page carry; any other word is no reason."""

    LEVEL = "level"
    """An agency asks for a higher level."""
    CREDENTIAL = "means"
    """A reliable way to sign in is to be taken off."""
    FRESH = "fresh"
    """The sign-in was too long ago for what was to be done."""
    SIGNED_OUT = "signed_out"

    @property
    def steps_up(self) -> bool:
        """Whether somebody who is signed in signs in once more."""
        return self is not SignInReason.SIGNED_OUT

    @property
    def needs_more(self) -> bool:
        """Whether the level of the session has to rise."""
        return self in {SignInReason.LEVEL, SignInReason.CREDENTIAL}


def reason_of(word: str) -> SignInReason | None:
    """Read what the address says."""
    return SignInReason(word) if word in set(SignInReason) else None
