"""What the frame itself stores."""

from promotion.models.audit import AuditEntry, AuditSeal
from promotion.models.calendar import CalendarCorrection
from promotion.models.delivery import IdempotencyKey, ImportBatch, Notice, NoticeKind, SavedView

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "CalendarCorrection",
    "IdempotencyKey",
    "ImportBatch",
    "Notice",
    "NoticeKind",
    "SavedView",
]
