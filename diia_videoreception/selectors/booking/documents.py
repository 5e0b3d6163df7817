"""Documents of an application, with the signatures that the citizen has put on them in the room."""

from django.db.models import Prefetch, QuerySet

from diia_videoreception.models import Application, Document


def documents_of(application: Application) -> QuerySet[Document]:
    """Return the documents of an application that the reader may see; those that were read with it, if they were."""
    if "documents" in getattr(application, "_prefetched_objects_cache", {}):
        return application.documents.all()
    return application.documents.select_related("signature_request")


def with_documents() -> Prefetch[str]:
    """Return the same for many applications at once."""
    return Prefetch("documents", Document.objects.select_related("signature_request"))
