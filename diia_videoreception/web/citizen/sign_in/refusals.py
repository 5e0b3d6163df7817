"""Why a sign-in was refused, in words: what happened, what to do (ux.md 3.7, screens C03 and C04).

The reason itself stands under «Подробиці для підтримки». Tokens of the portal all get one page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from diia_videoreception.web.citizen.sign_in import attempts
from diia_videoreception.web.middleware import signed_in_citizen
from diia_videoreception.web.refused import refusal_page
from diia_videoreception.wording import short_date
from integrations.identity.base import REFUSED_CODE, IdentityError, IdentityProvider
from integrations.identity.reasons import SignInRefusal

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Words:
    """What the page says; `text` may name `%(date)s` or `%(authority)s`.

    Where nobody knows what it names, `unnamed` stands in.

    Attributes:
        to_support: Whether staff have to help, so that trying again is of no use.
    """

    title: Text
    text: Text
    advice: Text = ""
    unnamed: Text = ""
    to_support: bool = False


_ANOTHER_KEY = _("Choose another key, or another way to sign in.")
_SIGN_ANEW = _("Begin anew and sign the text that the page shows then.")
_LATER = _("Try again in a few minutes, or choose another way to sign in.")
_STAFF = _("We have passed this on to the administrators of the portal. Nothing has been changed.")
_NEW_KEY = _("Get a new one from your provider of services.")

_UNREADABLE = Words(
    _("This file is no signature"),
    _("We could not read the signature: the file is damaged or of another kind."),
    _("Choose the file with the ending p7s that your signing program has made."),
)
_UNTRUSTED = Words(
    _("This key cannot be used here"),
    _("The certificate of the key was not issued by a provider whom the state trusts."),
    _ANOTHER_KEY,
)
_BAD_SIGNATURE = Words(
    _("The signature is not right"),
    _("The signature does not fit the text or the certificate, so we could not accept it."),
    _SIGN_ANEW,
)
_NOT_OURS = Words(
    _("Another text was signed"),
    _("The signature belongs to another text, or to one that is too old."),
    _SIGN_ANEW,
)
_WEAK = Words(
    _("This kind of signature is not accepted"),
    _("The signature was made in a way that does not protect enough."),
    _("Use an up-to-date signing program, or another way to sign in."),
)
_NO_ANSWER = Words(
    _("The sign-in service does not answer"),
    _("We could not reach the service, or its answer makes no sense. It is not your fault."),
    _LATER,
)
_OTHER_SIGN_IN = Words(
    _("You are not signed in"),
    _("This sign-in was not begun in this browser, took too long or has been used already."),
    _("Nothing has been changed. Please sign in once more; it usually helps."),
)
_SIGNED_IN_ALREADY = Words(
    _("You are signed in already"),
    _(
        "This sign-in was not begun in this browser, took too long or has been used already. It has "
        "changed nothing."
    ),
)
_OF_PORTAL = Words(
    _("You are not signed in"),
    _("The portal’s answer could not be accepted: it may be too old or used already."),
    _("Nothing has been changed. Please sign in once more; it usually helps."),
)
_OTHER_PERSON = Words(
    _("This is another person"),
    _("You are signed in, but the key or account that you have just used is somebody else’s."),
    _("Nothing has been changed. Use your own, or sign out first."),
)

_CONTRADICTION = Words(
    _("The certificate contradicts itself"),
    _("The certificate names more than one person, so we cannot tell who you are."),
    _ANOTHER_KEY,
)

OTHERWISE = Words(
    _("You are not signed in"),
    _("The service could not confirm who you are."),
    _("Nothing has been changed. Please sign in once more, or choose another way."),
)

WORDS: Mapping[SignInRefusal, Words] = MappingProxyType(
    {
        # What came back.
        SignInRefusal.UNKNOWN_STATE: _OTHER_SIGN_IN,
        SignInRefusal.REPLAYED: _OTHER_SIGN_IN,
        SignInRefusal.CANCELLED: Words(
            _("You have cancelled the sign-in"),
            _("Nothing has been changed. You can sign in whenever you like."),
        ),
        SignInRefusal.UNAVAILABLE: _NO_ANSWER,
        SignInRefusal.BAD_ANSWER: _NO_ANSWER,
        SignInRefusal.UNKNOWN_CHOICE: Words(
            _("This choice is gone"),
            _("What you have chosen is not offered any more."),
            _("Begin anew and choose once more."),
        ),
        SignInRefusal.CODE_REFUSED: _OTHER_SIGN_IN,
        SignInRefusal.MISCONFIGURED: Words(
            _("The sign-in service does not accept our portal"),
            _("It is not your fault: the connection between the portal and the service is broken."),
            _("Choose another way to sign in, or tell the support service about it."),
        ),
        SignInRefusal.WRONG_BANK: Words(
            _("Another bank has answered"),
            _("You chose one bank, but another one told us about you, so we did not sign you in."),
            _("Begin anew and choose your bank once more."),
        ),
        SignInRefusal.NO_NUMBER: Words(
            _("The bank has not told us who you are"),
            _("Your bank gave neither your taxpayer number nor the number of your passport."),
            _("Ask the bank to complete your data, or choose another way to sign in."),
        ),
        SignInRefusal.REFUSED: OTHERWISE,
        SignInRefusal.NO_PROVIDER: OTHERWISE,
        # Whose it is.
        SignInRefusal.MEANS_NOT_BOUND: Words(
            _("This way to sign in was taken off"),
            _("The key or bank account was taken off your account."),
            _("Sign in another way and bind it once more in “My data”."),
        ),
        SignInRefusal.IDENTITY_MISMATCH: _OTHER_PERSON,
        SignInRefusal.NO_MEANS: Words(
            _("This way cannot be bound"),
            _("It proves who you are, but there is no key or bank account to remember."),
            _("You can use it to sign in without binding anything."),
        ),
        SignInRefusal.CONFLICT: Words(
            _("We could not tell whose account this is"),
            _("What we were told about you fits the accounts that we know only in part."),
            _STAFF,
            to_support=True,
        ),
        SignInRefusal.BOUND_ELSEWHERE: Words(
            _("This key belongs to another account"),
            _("The key or bank account is bound to another account already."),
            _STAFF,
            to_support=True,
        ),
        SignInRefusal.CANNOT_COMPARE: Words(
            _("We could not compare the data"),
            _(
                "The key names a document that your account does not know, so we cannot tell whether "
                "it is yours."
            ),
            _STAFF,
            to_support=True,
        ),
        # The certificate.
        SignInRefusal.EXPIRED: Words(
            _("The key is no longer valid"),
            _("The certificate of the key was valid until %(date)s."),
            _NEW_KEY,
            unnamed=_("The certificate of the key is not valid any more."),
        ),
        SignInRefusal.NOT_YET_VALID: Words(
            _("The certificate is not valid yet"),
            _("The certificate of the key is valid from %(date)s."),
            _ANOTHER_KEY,
            unnamed=_("The certificate of the key is not valid yet."),
        ),
        SignInRefusal.REVOKED: Words(
            _("The certificate was revoked"),
            _("The certificate of the key was revoked on %(date)s, so the key cannot be used."),
            _NEW_KEY,
            unnamed=_("The certificate of the key was revoked, so the key cannot be used."),
        ),
        SignInRefusal.REVOCATION_UNKNOWN: Words(
            _("The certificate could not be checked"),
            _(
                "The provider of trust services “%(authority)s” does not answer now whether the "
                "certificate is in force. It is not your fault."
            ),
            _(
                "Try again in a few minutes or choose another way to sign in. If it goes on, ask that "
                "provider why its service does not answer."
            ),
            unnamed=_(
                "The provider of trust services has not told us whether the certificate is in force."
            ),
        ),
        SignInRefusal.WRONG_KEY_USAGE: Words(
            _("This key is not for signing"),
            _("The certificate is meant for something else, for example for encryption."),
            _ANOTHER_KEY,
        ),
        SignInRefusal.NO_PERSON: Words(
            _("This is not the key of a person"),
            _(
                "The certificate is a seal or names no person by number. Only the signature of a "
                "person signs in."
            ),
            _ANOTHER_KEY,
        ),
        SignInRefusal.UNTRUSTED_ISSUER: _UNTRUSTED,
        SignInRefusal.CERTIFICATE_MISSING: _UNTRUSTED,
        SignInRefusal.BAD_PARAMETERS: _UNTRUSTED,
        # The signature.
        SignInRefusal.MALFORMED: _UNREADABLE,
        SignInRefusal.TRAILING_DATA: _UNREADABLE,
        SignInRefusal.UNSUPPORTED_CONTAINER: Words(
            _("This kind of signature is not read here"),
            _(
                "The file is a container, an XML or a PDF with a signature in it, which are not read "
                "here yet."
            ),
            _("Begin anew and choose the format CAdES in your program: the file ends with p7s."),
        ),
        SignInRefusal.NO_SIGNER: Words(
            _("Nobody has signed"),
            _("There is no signature in this file."),
            _SIGN_ANEW,
        ),
        SignInRefusal.TOO_LARGE: Words(
            _("This file is too large"),
            _("A signature of the text is much smaller: you may have chosen another file."),
            _("Choose the file with the ending p7s that your signing program has made."),
        ),
        SignInRefusal.SEVERAL_SIGNERS: Words(
            _("Several people have signed"),
            _("The file holds more than one signature; for signing in there must be one."),
            _SIGN_ANEW,
        ),
        SignInRefusal.UNSUPPORTED_ALGORITHM: _WEAK,
        SignInRefusal.WEAK_DIGEST: _WEAK,
        SignInRefusal.BAD_SIGNATURE: _BAD_SIGNATURE,
        SignInRefusal.DIGEST_MISMATCH: _BAD_SIGNATURE,
        SignInRefusal.CERTIFICATE_SUBSTITUTED: _BAD_SIGNATURE,
        SignInRefusal.CONTENT_MISMATCH: _NOT_OURS,
        SignInRefusal.CHALLENGE_OTHER_PURPOSE: _NOT_OURS,
        SignInRefusal.CHALLENGE_OTHER_PROVIDER: _NOT_OURS,
        SignInRefusal.CHALLENGE_OTHER_APPLICATION: _NOT_OURS,
        SignInRefusal.CHALLENGE_OTHER_CITIZEN: _OTHER_SIGN_IN,
        SignInRefusal.CHALLENGE_OTHER_SESSION: _OTHER_SIGN_IN,
        SignInRefusal.CHALLENGE_GONE: Words(
            _("This text has been used already"),
            _("Each text is good for one signature, whether it was accepted or not."),
            _SIGN_ANEW,
        ),
        SignInRefusal.CHALLENGE_EXPIRED: Words(
            _("The time for signing is over"),
            _("The text was good for five minutes, and the signature came later."),
            _SIGN_ANEW,
        ),
        # A token of the portal, of which the person learns nothing.
        SignInRefusal.TOKEN_TOO_LARGE: _OF_PORTAL,
        SignInRefusal.ENCRYPTED_TOKEN: _OF_PORTAL,
        SignInRefusal.WRONG_ALGORITHM: _OF_PORTAL,
        SignInRefusal.CRITICAL_EXTENSION: _OF_PORTAL,
        SignInRefusal.WRONG_HEADER: _OF_PORTAL,
        SignInRefusal.WRONG_TYPE: _OF_PORTAL,
        SignInRefusal.WRONG_ISSUER: _OF_PORTAL,
        SignInRefusal.WRONG_AUDIENCE: _OF_PORTAL,
        SignInRefusal.LIFETIME_TOO_LONG: _OF_PORTAL,
        SignInRefusal.MISSING_CLAIM: _OF_PORTAL,
        SignInRefusal.BAD_CLAIM: _OF_PORTAL,
        SignInRefusal.UNKNOWN_KEY: _OF_PORTAL,
        SignInRefusal.KEYS_UNAVAILABLE: _OF_PORTAL,
    }
)


def page(
    request: HttpRequest,
    error: IdentityError,
    *,
    provider: IdentityProvider | None = None,
    next_url: str = "",
) -> HttpResponse:
    """The page for a sign-in that was refused, with a way on."""
    words = WORDS.get(error.reason, OTHERWISE)
    signed_in = signed_in_citizen(request)
    if words is _OTHER_PERSON and not signed_in:
        words = _CONTRADICTION
    elif words is _OTHER_SIGN_IN and signed_in:
        words = _SIGNED_IN_ALREADY
    return _render(request, words, error.reason, next_url, error, provider)


def page_of_portal(request: HttpRequest) -> HttpResponse:
    """One page for every token that was refused; which check it was stands only in the log."""
    return _render(request, _OF_PORTAL, REFUSED_CODE, attempts.latest_next(request))


def _render(
    request: HttpRequest,
    words: Words,
    code: str,
    next_url: str,
    error: IdentityError | None = None,
    provider: IdentityProvider | None = None,
) -> HttpResponse:
    return refusal_page(
        request,
        "citizen/sign_in_refused.html",
        heading=words.title,
        text=_text(words, error),
        advice=words.advice,
        way=translate(provider.label) if provider else "",
        code=code,
        to_support=words.to_support,
        needs_new_key=words.advice is _NEW_KEY,
        next_url=next_url,
        status=HTTPStatus.BAD_REQUEST,
    )


def _text(words: Words, error: IdentityError | None) -> Text:
    if not words.unnamed:
        return words.text
    if error is not None and error.moment is not None:
        return str(words.text) % {"date": short_date(error.moment)}
    if error is not None and error.authority:
        return str(words.text) % {"authority": error.authority}
    return words.unnamed
