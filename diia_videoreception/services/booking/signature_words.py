"""Why the КЕП under an answer is refused, in words for staff."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diia_videoreception.wording import short_date
from integrations.identity.base import IdentityError
from integrations.identity.reasons import SignInRefusal

_OTHER_TEXT = _(
    "The signature is of another text. Download the text of this answer, sign it as it is and choose the new file."
)
_UNREADABLE = _("This file is no signature. Choose the p7s file or the ASiC-S container.")
_NOT_VALID = _("The signature does not verify. Sign the text once more.")
_UNTRUSTED = _("The certificate was not issued by a provider on the state’s trusted list.")

_WORDS: Mapping[SignInRefusal, str | Promise] = MappingProxyType(
    {
        SignInRefusal.CONTENT_MISMATCH: _OTHER_TEXT,
        SignInRefusal.DIGEST_MISMATCH: _OTHER_TEXT,
        SignInRefusal.MALFORMED: _UNREADABLE,
        SignInRefusal.TRAILING_DATA: _UNREADABLE,
        SignInRefusal.NO_SIGNER: _UNREADABLE,
        SignInRefusal.TOO_LARGE: _("This file is too large for a signature."),
        SignInRefusal.SEVERAL_SIGNERS: _("Several people have signed. One signature is needed."),
        SignInRefusal.UNSUPPORTED_CONTAINER: _(
            "We cannot read this kind of container. In the signing program choose CAdES (p7s) or ASiC-S."
        ),
        SignInRefusal.EXPIRED: _("The certificate of the signer has expired."),
        SignInRefusal.NOT_YET_VALID: _("The certificate of the signer is not valid yet."),
        SignInRefusal.REVOKED: _("The certificate of the signer was revoked."),
        SignInRefusal.REVOCATION_UNKNOWN: _(
            "The trust service provider does not say now whether the certificate is valid. Try again in a few minutes."
        ),
        SignInRefusal.WRONG_KEY_USAGE: _("This key is not for signing."),
        SignInRefusal.NO_PERSON: _("This is a seal. The answer needs the signature of a person."),
        SignInRefusal.UNTRUSTED_ISSUER: _UNTRUSTED,
        SignInRefusal.CERTIFICATE_MISSING: _UNTRUSTED,
        SignInRefusal.NO_PROVIDER: _("This portal cannot verify signatures."),
        SignInRefusal.UNAVAILABLE: _("This portal cannot verify signatures."),
    }
)


def why_refused(error: IdentityError) -> str:
    """Return what was wrong, with the date where the certificate tells one."""
    text = str(_WORDS.get(error.reason, _NOT_VALID))
    return f"{text} ({short_date(error.moment)})" if error.moment is not None else text
