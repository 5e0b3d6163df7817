"""Why a sign-in was refused, in words: what happened, what to do (screens C03 and C04).

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


_ANOTHER_KEY = _("Choose another key or another sign-in method.")
_SIGN_ANEW = _("Start again and sign the text shown on the page.")
_LATER = _("Try again in a few minutes, or choose another sign-in method.")
_STAFF = _("We have told the portal administrators. Nothing has changed.")
_NEW_KEY = _("Get a new one from your trust service provider.")

_UNREADABLE = Words(
    _("This file is not a signature"),
    _("We could not read the signature: the file is damaged or of another type."),
    _("Choose the p7s file that your signing program created."),
)
_UNTRUSTED = Words(
    _("This key cannot be used here"),
    _("The key’s certificate was not issued by a provider on the state’s trusted list."),
    _ANOTHER_KEY,
)
_BAD_SIGNATURE = Words(
    _("The signature is not correct"),
    _("The signature does not match the text or the certificate, so we could not accept it."),
    _SIGN_ANEW,
)
_NOT_OURS = Words(
    _("Another text was signed"),
    _("The signature belongs to another text, or to one that has expired."),
    _SIGN_ANEW,
)
_WEAK = Words(
    _("We do not accept this kind of signature"),
    _("The way the signature was created is not secure enough."),
    _("Use an up-to-date signing program or another sign-in method."),
)
_NO_ANSWER = Words(
    _("The sign-in service is not responding"),
    _("We could not reach the service or understand its answer. It is not your fault."),
    _LATER,
)
_OTHER_SIGN_IN = Words(
    _("You are not signed in"),
    _("This sign-in was not started in this browser, took too long or has already been used."),
    _("Nothing has changed. Signing in again usually helps."),
)
_SIGNED_IN_ALREADY = Words(
    _("You are already signed in"),
    _(
        "This sign-in was not started in this browser, took too long or has already been "
        "used. It has not changed anything."
    ),
)
_OF_PORTAL = Words(
    _("You are not signed in"),
    _("We could not accept the portal’s answer: it may be too old or already used."),
    _("Nothing has changed. Signing in again usually helps."),
)
_OTHER_PERSON = Words(
    _("This is another person"),
    _("You are signed in, but the key or account that you have just used belongs to someone else."),
    _("Nothing has changed. Use your own, or sign out first."),
)

_CONTRADICTION = Words(
    _("The certificate has conflicting details"),
    _("The certificate names more than one person, so we cannot tell who you are."),
    _ANOTHER_KEY,
)

OTHERWISE = Words(
    _("You are not signed in"),
    _("The service could not confirm who you are."),
    _("Nothing has changed. Sign in again or choose another sign-in method."),
)

WORDS: Mapping[SignInRefusal, Words] = MappingProxyType(
    {
        # What came back.
        SignInRefusal.UNKNOWN_STATE: _OTHER_SIGN_IN,
        SignInRefusal.REPLAYED: _OTHER_SIGN_IN,
        SignInRefusal.CANCELLED: Words(
            _("You have cancelled the sign-in"),
            _("Nothing has changed. You can sign in at any time."),
        ),
        SignInRefusal.UNAVAILABLE: _NO_ANSWER,
        SignInRefusal.BAD_ANSWER: _NO_ANSWER,
        SignInRefusal.UNKNOWN_CHOICE: Words(
            _("This option is no longer available"),
            _("What you chose is no longer available."),
            _("Start again and choose."),
        ),
        SignInRefusal.CODE_REFUSED: _OTHER_SIGN_IN,
        SignInRefusal.MISCONFIGURED: Words(
            _("The sign-in service does not accept our portal"),
            _(
                "It is not your fault: the connection between the portal and the service is not "
                "working."
            ),
            _("Choose another sign-in method, or tell support."),
        ),
        SignInRefusal.INSECURE_RETURN: Words(
            _("This page was opened without protection"),
            _(
                "The portal was opened by http instead of https, so your data could be read on the way."
            ),
            _("Open the portal by its address with https:// and sign in there."),
        ),
        SignInRefusal.WRONG_BANK: Words(
            _("Another bank answered"),
            _("You chose one bank, but another bank answered, so we did not sign you in."),
            _("Start again and choose your bank."),
        ),
        SignInRefusal.NO_NUMBER: Words(
            _("Your bank did not share your identity"),
            _("Your bank did not give us your taxpayer number or your passport number."),
            _("Ask your bank to complete your details, or choose another sign-in method."),
        ),
        SignInRefusal.REFUSED: OTHERWISE,
        SignInRefusal.NO_PROVIDER: OTHERWISE,
        # Whose it is.
        SignInRefusal.CREDENTIAL_NOT_BOUND: Words(
            _("This sign-in method was removed"),
            _("The key or bank account was removed from your account."),
            _("Sign in another way and add it again in “My details”."),
        ),
        SignInRefusal.IDENTITY_MISMATCH: _OTHER_PERSON,
        SignInRefusal.NO_CREDENTIAL: Words(
            _("You cannot add this sign-in method"),
            _("It proves your identity, but there is no key or bank account to save."),
            _("You can sign in with it without adding it."),
        ),
        SignInRefusal.CONFLICT: Words(
            _("We could not identify your account"),
            _("The details we received only partly match the accounts that we have."),
            _STAFF,
            to_support=True,
        ),
        SignInRefusal.BOUND_ELSEWHERE: Words(
            _("This key belongs to another account"),
            _("The key or bank account has already been added to another account."),
            _STAFF,
            to_support=True,
        ),
        SignInRefusal.CANNOT_COMPARE: Words(
            _("We could not compare your details"),
            _(
                "The key has the number of a document that is not in your account, so we cannot "
                "tell whether it is yours."
            ),
            _STAFF,
            to_support=True,
        ),
        # The certificate.
        SignInRefusal.EXPIRED: Words(
            _("The key is no longer valid"),
            _("The key’s certificate expired on %(date)s."),
            _NEW_KEY,
            unnamed=_("The key’s certificate has expired."),
        ),
        SignInRefusal.NOT_YET_VALID: Words(
            _("The certificate is not valid yet"),
            _("The key’s certificate is valid from %(date)s."),
            _ANOTHER_KEY,
            unnamed=_("The key’s certificate is not valid yet."),
        ),
        SignInRefusal.REVOKED: Words(
            _("The certificate was revoked"),
            _("The key’s certificate was revoked on %(date)s, so you cannot use the key."),
            _NEW_KEY,
            unnamed=_("The key’s certificate was revoked, so you cannot use the key."),
        ),
        SignInRefusal.REVOCATION_UNKNOWN: Words(
            _("We could not check the certificate"),
            _(
                "The trust service provider “%(authority)s” is not telling us now whether the "
                "certificate is valid. It is not your fault."
            ),
            _(
                "Try again in a few minutes or choose another sign-in method. If this continues, "
                "ask the provider why its service is not responding."
            ),
            unnamed=_(
                "The trust service provider has not told us whether the certificate is valid."
            ),
        ),
        SignInRefusal.WRONG_KEY_USAGE: Words(
            _("This key is not for signing"),
            _("The certificate is meant for something else, for example for encryption."),
            _ANOTHER_KEY,
        ),
        SignInRefusal.NO_PERSON: Words(
            _("This key does not belong to a person"),
            _(
                "The certificate is a seal or does not have a person’s number. You can sign in "
                "only with a person’s signature."
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
            _("We cannot read this kind of signature"),
            _(
                "The file is a container, an XML file or a PDF with a signature inside. We "
                "cannot read these files yet."
            ),
            _(
                "Start again and choose the CAdES format in your program: the file name ends "
                "with p7s."
            ),
        ),
        SignInRefusal.NO_SIGNER: Words(
            _("Nobody has signed"),
            _("There is no signature in this file."),
            _SIGN_ANEW,
        ),
        SignInRefusal.TOO_LARGE: Words(
            _("This file is too large"),
            _("A signature of the text is much smaller. You may have chosen the wrong file."),
            _("Choose the p7s file that your signing program created."),
        ),
        SignInRefusal.SEVERAL_SIGNERS: Words(
            _("Several people have signed"),
            _("The file has more than one signature. To sign in, there must be only one."),
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
            _("This text has already been used"),
            _("You can use each text for one signature, whether we accept it or not."),
            _SIGN_ANEW,
        ),
        SignInRefusal.CHALLENGE_EXPIRED: Words(
            _("The time for signing is over"),
            _("You had 5 minutes to sign the text, and the signature came later."),
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
    """Show the page for a sign-in that was refused, with a way on."""
    words = WORDS.get(error.reason, OTHERWISE)
    signed_in = signed_in_citizen(request)
    if words is _OTHER_PERSON and not signed_in:
        words = _CONTRADICTION
    elif words is _OTHER_SIGN_IN and signed_in:
        words = _SIGNED_IN_ALREADY
    return _render(request, words, error.reason, next_url, error, provider)


def words_of(error: IdentityError) -> str:
    """Return why a signature was refused, for a page that shows it beside the field."""
    words = WORDS.get(error.reason, OTHERWISE)
    return " ".join(str(part) for part in (_text(words, error), words.advice) if part)


def page_of_portal(request: HttpRequest) -> HttpResponse:
    """Show one page for every token that was refused; which check it was stands only in the log."""
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
