"""Why an uploaded document is not accepted: a stable code and a text that says how to mend it."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from diia_videoreception.errors import ActRefused
from diia_videoreception.rules.uploads import UploadProblem
from integrations.examination.formats import FileRefusal


class DocumentRefused(ActRefused):
    """The document is not accepted (A-46, A-47); `params["name"]` is the cleaned file name."""

    code = "file_refused"
    message = _("We cannot accept the file “%(name)s”.")
    status = HTTPStatus.BAD_REQUEST

    def __init__(self, *, name: str, **params: object) -> None:
        super().__init__(name=name, **params)


class FileEmpty(DocumentRefused):
    code = UploadProblem.FILE_EMPTY.value
    message = _(
        "The file “%(name)s” is empty. It may not have been copied in full: choose it again."
    )


class FileTooLarge(DocumentRefused):
    """`params["limit"]` is the limit in megabytes."""

    code = UploadProblem.FILE_TOO_LARGE.value
    message = _(
        "The file “%(name)s” is larger than %(limit)s MB. Save it with a lower quality or split it into several files."
    )
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class FileBusy(DocumentRefused):
    """Too many documents are looked through at once; the same file may be accepted in a moment."""

    code = FileRefusal.FILE_BUSY.value
    message = _(
        "Many people are adding documents right now. Add the file “%(name)s” again in a minute."
    )
    status = HTTPStatus.SERVICE_UNAVAILABLE
    wait_seconds = 60


class OwnFilesBusy(DocumentRefused):
    """The person's documents take as many places, or have taken as much time, as one may have.

    The same file may be accepted in a moment.
    """

    code = "own_files_busy"
    message = _(
        "We are still checking the files that you added before. Add the file “%(name)s” "
        "again in a minute."
    )
    status = HTTPStatus.TOO_MANY_REQUESTS
    wait_seconds = 60

    def __init__(self, *, name: str, wait_seconds: int = 60, **params: object) -> None:
        super().__init__(name=name, **params)
        self.wait_seconds = wait_seconds


class VirusFound(DocumentRefused):
    """The portal's virus scanner knows something harmful in it."""

    code = "virus_found"
    message = _(
        "The antivirus found something dangerous in the file “%(name)s”, so we did not "
        "add it. Check your computer or phone with an antivirus, and add a clean copy. "
        "For example, scan or photograph the paper document again."
    )


class ScannerUnavailable(DocumentRefused):
    """Nothing is kept unscanned; the same file may be accepted in some minutes."""

    code = "scanner_unavailable"
    message = _(
        "We did not add the file “%(name)s”: we cannot check files for viruses now. Try "
        "again in a few minutes. We have saved the rest of the application."
    )
    status = HTTPStatus.SERVICE_UNAVAILABLE
    wait_seconds = 180


class FileType(DocumentRefused):
    code = FileRefusal.FILE_TYPE.value
    message = _(
        "The file “%(name)s” is not png, jpg or pdf. Save the document as PDF, or take a photo of it."
    )
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class FileTypeHeic(FileType):
    """Photos as iPhones keep them."""

    message = _(
        "The file “%(name)s” is not png, jpg or pdf: it is a HEIC photo. On an iPhone open Settings, Camera, Formats, "
        "choose the most compatible format and take the photo again. Or add a screenshot of this photo."
    )


class ImageBroken(DocumentRefused):
    code = FileRefusal.IMAGE_BROKEN.value
    message = _(
        "The image “%(name)s” is damaged or incomplete. Open it, save it again as jpg or png and add that file."
    )


class ImageTooComplex(DocumentRefused):
    code = FileRefusal.IMAGE_TOO_COMPLEX.value
    message = _(
        "The image “%(name)s” is too complex to check. Open it, save it again as an ordinary jpg or png and add that file."
    )


class ImageTooManyPixels(DocumentRefused):
    """`params["limit"]` is the limit in megapixels."""

    code = FileRefusal.IMAGE_TOO_MANY_PIXELS.value
    message = _(
        "The image “%(name)s” has more than %(limit)s megapixels. Make it smaller and add it again."
    )


class PdfPrefix(DocumentRefused):
    """Another format stands before the PDF in one file."""

    code = FileRefusal.PDF_PREFIX.value
    message = _(
        "There is something before the PDF in the file “%(name)s”. Open it, choose Print "
        "and Save as PDF, and add that copy."
    )
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class PdfBroken(DocumentRefused):
    code = FileRefusal.PDF_BROKEN.value
    message = _(
        "The PDF “%(name)s” is damaged or has no pages. Open it, choose Print and Save as PDF, and add that copy."
    )


class PdfEncrypted(DocumentRefused):
    code = FileRefusal.PDF_ENCRYPTED.value
    message = _(
        "The PDF “%(name)s” is protected by a password. Save a copy without a password "
        "and add that copy."
    )


class PdfScript(DocumentRefused):
    code = FileRefusal.PDF_SCRIPT.value
    message = _(
        "The PDF “%(name)s” contains a script. Open it, choose Print and Save as PDF, and add that copy."
    )


class PdfLaunch(DocumentRefused):
    code = FileRefusal.PDF_LAUNCH.value
    message = _(
        "The PDF “%(name)s” tries to start a program. Open it, choose Print and Save as PDF, and add that copy."
    )


class PdfOutside(DocumentRefused):
    code = FileRefusal.PDF_OUTSIDE.value
    message = _(
        "The PDF “%(name)s” opens, sends or loads something outside the document. Open "
        "it, choose Print and Save as PDF, and add that copy."
    )


class PdfForm(DocumentRefused):
    code = FileRefusal.PDF_FORM.value
    message = _(
        "The PDF “%(name)s” is a form that runs by itself (XFA). Open it, choose Print "
        "and Save as PDF, and add that copy."
    )


class PdfSuffix(DocumentRefused):
    code = FileRefusal.PDF_SUFFIX.value
    message = _(
        "There is something after the end of the PDF “%(name)s”. Open it, choose Print "
        "and Save as PDF, and add that copy."
    )


class PdfAttachment(DocumentRefused):
    code = FileRefusal.PDF_ATTACHMENT.value
    message = _(
        "The PDF “%(name)s” contains a file that may run by itself or is not what its "
        "name says. Save a copy without attachments and add that copy."
    )


class PdfExecutable(DocumentRefused):
    code = FileRefusal.PDF_EXECUTABLE.value
    message = _(
        "The PDF “%(name)s” contains a program or Flash. Save a copy without attachments "
        "and add that copy."
    )


class PdfTooComplex(DocumentRefused):
    code = FileRefusal.PDF_TOO_COMPLEX.value
    message = _(
        "The PDF “%(name)s” is too complex to check. Open it, choose Print and Save as PDF, and add that copy."
    )
