"""What the API shows and takes."""

from kpi.serializers.results import (
    AwardCandidateSerializer,
    DifferenceSerializer,
    ItemSerializer,
    PreviewRowSerializer,
    PreviewSerializer,
    RecomputedSerializer,
    RunRequestSerializer,
    RunSerializer,
    SchemeChangeSerializer,
    SchemeDetailSerializer,
    SchemeDraftSerializer,
    SchemePreviewRequestSerializer,
    SchemeSerializer,
    StandingDetailSerializer,
    StandingSerializer,
    VerdictSerializer,
)
from kpi.serializers.trial import RehearsalRequestSerializer, RehearsalSerializer, WhatIfSerializer

__all__ = [
    "AwardCandidateSerializer",
    "DifferenceSerializer",
    "ItemSerializer",
    "PreviewRowSerializer",
    "PreviewSerializer",
    "RecomputedSerializer",
    "RehearsalRequestSerializer",
    "RehearsalSerializer",
    "RunRequestSerializer",
    "RunSerializer",
    "SchemeChangeSerializer",
    "SchemeDetailSerializer",
    "SchemeDraftSerializer",
    "SchemePreviewRequestSerializer",
    "SchemeSerializer",
    "StandingDetailSerializer",
    "StandingSerializer",
    "VerdictSerializer",
    "WhatIfSerializer",
]
