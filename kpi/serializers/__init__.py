"""What the API shows and takes."""

from kpi.serializers.draft_trial import (
    PartPreviewSerializer,
    PreviewRowSerializer,
    PreviewSerializer,
    SchemePreviewRequestSerializer,
    SchemePreviewSerializer,
)
from kpi.serializers.results import (
    AwardCandidateSerializer,
    DifferenceSerializer,
    ItemSerializer,
    RecomputedSerializer,
    RunRequestSerializer,
    RunSerializer,
    SchemeChangeSerializer,
    SchemeDetailSerializer,
    SchemeDraftSerializer,
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
    "PartPreviewSerializer",
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
    "SchemePreviewSerializer",
    "SchemeSerializer",
    "StandingDetailSerializer",
    "StandingSerializer",
    "VerdictSerializer",
    "WhatIfSerializer",
]
