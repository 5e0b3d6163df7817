"""The least that a view of the framework does, to compare with."""

from typing import Any

from django.urls import include, path
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from diia_videoreception.models import Absence


class BareSerializer(serializers.Serializer[Absence]):
    """Three fields of a row, as free times have."""

    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    reason = serializers.CharField()


class BareView(APIView):
    """The least that a view of the framework does: one indexed query, and its rows."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    renderer_classes = [JSONRenderer]

    def get(self, request: Request, pk: int, rows: int) -> Response:
        """Return the first rows of an official."""
        found = Absence.objects.filter(official_id=pk)
        return Response(BareSerializer(found.order_by("start")[:rows], many=True).data)


urlpatterns = [
    path("bare/<int:pk>/<int:rows>/", BareView.as_view()),
    path("", include("tests.urls")),
]
