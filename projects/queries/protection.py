"""Which first receptions protect, what state each is in, what lies in the pool: one rule for pages, actions and tasks.

A reception protects until its last day, beyond it while its team has signed with the company (跟到底), and while a case about it
is open.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import companies_visible_to
from projects.access.protection import receptions_visible_to
from projects.models import (
    Arbitration,
    ArbitrationState,
    Company,
    FirstReception,
    Project,
    ProtectionExtension,
    ProtectionRule,
    ReceptionEnd,
)
from projects.workflow import ORDER, Stage, Status
from promotion.prepared import Prepared, Slot
from promotion.working_days import working_calendar
from staff.access import teams_of
from staff.models import Account

SIGNED = ORDER[ORDER.index(Stage.SIGNED) :]

# What a reader is told about a first reception (状态); computed, never stored.
STATES = {
    "protected": gettext_lazy("保护中"),
    "lapsing": gettext_lazy("将到期"),
    "lapsed": gettext_lazy("已到期·公海"),
    "released": gettext_lazy("已释放"),
    "transferred": gettext_lazy("已转移"),
    "disputed": gettext_lazy("仲裁中"),
}
TONES = {
    "protected": "done",
    "lapsing": "attention",
    "lapsed": "plain",
    "released": "plain",
    "transferred": "plain",
}


def rule_on(day: date) -> ProtectionRule:
    """The protection rule of the day; before any is written down the assumed defaults, unsaved."""
    return _RULE.first(day=day) or ProtectionRule()


_RULE = Prepared(
    lambda: ProtectionRule.objects.filter(holds_from__lte=Slot("day")).order_by("-holds_from")[:1]
)


def signed_with() -> Exists:
    """Whether the team of a reception has signed with its company, in an outer query over receptions."""
    return Exists(
        Project.objects.filter(
            company=OuterRef("company"), team=OuterRef("team"), status=Status.ACTIVE, stage__in=SIGNED
        )
    )


def disputed() -> Exists:
    """Whether a case about a reception is open."""
    return Exists(Arbitration.objects.filter(reception=OuterRef("pk"), state=ArbitrationState.OPEN))


def holding_on(day: date) -> QuerySet[FirstReception]:
    """The receptions that protect their company on the day."""
    return FirstReception.objects.filter(released_at=None).filter(
        Q(protected_until__gte=day) | signed_with() | disputed()
    )


def protects(held: FirstReception, day: date) -> bool:
    """Whether this reception protects on the day."""
    return holding_on(day).filter(pk=held.pk).exists()


def counted_in_quota(person_id: int, day: date) -> QuerySet[FirstReception]:
    """What takes up a person's quota: companies protected for the person that are not signed yet."""
    return holding_on(day).filter(person=person_id).exclude(signed_with())


def with_state(rows: QuerySet[FirstReception], day: Any, warned_from: Any) -> QuerySet[FirstReception]:
    """Annotate `state`; `warned_from` is the last day that counts as lapsing soon."""
    over = Q(protected_until__lt=day) & ~signed_with()
    soon = Q(protected_until__lte=warned_from) & ~signed_with()
    return rows.annotate(
        state=Case(
            When(disputed(), then=Value("disputed")),
            When(ending=ReceptionEnd.DECIDED, then=Value("transferred")),
            When(ending=ReceptionEnd.RELEASED, then=Value("released")),
            When(released_at__isnull=False, then=Value("lapsed")),
            When(over, then=Value("lapsed")),
            When(soon, then=Value("lapsing")),
            default=Value("protected"),
            output_field=CharField(),
        )
    )


def warning_edge(day: date) -> date:
    """The last day of protection that is warned of on the day."""
    return working_calendar().after(day, rule_on(day).warning_days)


def register(actor: Account, day: date) -> QuerySet[FirstReception]:
    """The register as the actor reads it: every reception with its `state`, `seen` where the company may be named."""
    visible = companies_visible_to(actor).filter(pk=OuterRef("company"))
    return with_state(receptions_visible_to(actor), day, warning_edge(day)).annotate(
        seen=Exists(visible),
        own=ExpressionWrapper(Q(team__in=teams_of(actor).values("pk")), BooleanField()),
    ).select_related("company", "person", "team")  # fmt: skip


def pool(actor: Account, day: date) -> QuerySet[FirstReception]:
    """The pool: the last reception of each company that nobody protects and nobody has signed with.

    Companies are named here, because whoever claims has to know which; their records stay masked: `leads` and
    `last_stage` are all that is said of them.
    """
    newer = FirstReception.objects.filter(company=OuterRef("company"), pk__gt=OuterRef("pk"))
    signed = Project.objects.filter(company=OuterRef("company"), status=Status.ACTIVE, stage__in=SIGNED)
    own = Project.objects.filter(company=OuterRef("company")).order_by().values("company")
    latest = Project.objects.filter(company=OuterRef("company")).order_by("-stage_since", "-pk")
    ended = Q(released_at__isnull=False) | Q(protected_until__lt=day) & ~disputed()
    return (
        receptions_visible_to(actor)
        .filter(ended, ~Exists(newer), ~Exists(signed), company__merged_into=None)
        .annotate(
            leads=Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0),
            last_stage=Subquery(latest.values("stage")[:1]),
            industry=Subquery(latest.values("industry")[:1]),
            fell_on=Case(
                When(released_at__isnull=False, then=F("released_at__date")),
                default=F("protected_until"),
            ),
            names_pinyin=F("company__pinyin"),
        )
        .select_related("company", "person", "team")
    )


def masked_company(row: Any) -> str:
    """The company of a register row, or that it is not the reader's to know."""
    return str(row.company.name) if row.seen else _("他队企业（名称遮蔽）")


def days_left(reception: FirstReception, day: date) -> int:
    """How many days the protection still runs, the last one included; 0 and less when it is over."""
    return (reception.protected_until - day).days + 1


@dataclass(frozen=True)
class Protection:
    """The protection of one company as a page shows it, with what the reader may do about it."""

    reception: FirstReception
    state: str
    days: int
    extensions: list[ProtectionExtension]
    earlier: list[FirstReception]
    case: Arbitration | None

    @property
    def label(self) -> Any:
        return STATES[self.state]

    @property
    def tone(self) -> str:
        return TONES.get(self.state, "alarm")

    @property
    def in_force(self) -> FirstReception | None:
        """The reception that nobody has ended, if there is one."""
        return next((row for row in (self.reception, *self.earlier) if row.released_at is None), None)

    @property
    def in_pool(self) -> bool:
        return self.state in ("lapsed", "released")


def protection_of(company: Company, day: date | None = None) -> Protection | None:
    """The latest reception of a company with its history; None where nobody ever was first."""
    today = day or timezone.localdate()
    found = _RECEPTIONS.rows(company=company.pk, day=today, edge=warning_edge(today))
    if not found:
        return None
    held, *earlier = found
    extensions = ProtectionExtension.objects.filter(reception=held).select_related(
        "verified_by", "achievement", "follow_up", "achievement__project"
    )
    argued = [row.pk for row in found if row.is_argued]
    case = Arbitration.objects.filter(reception__in=argued).order_by("-pk").first() if argued else None
    lengthened = list(extensions) if held.is_lengthened else []
    return Protection(held, held.state, days_left(held, today), lengthened, earlier, case)


def _receptions() -> QuerySet[Any]:
    """The latest receptions of a company, each with whether anything lengthened it or a case was brought about it."""
    rows = FirstReception.objects.filter(company=Slot("company")).select_related("person", "team")
    stated = with_state(rows, Slot("day", DateField()), Slot("edge", DateField()))
    return stated.annotate(
        is_lengthened=Exists(ProtectionExtension.objects.filter(reception=OuterRef("pk"))),
        is_argued=Exists(Arbitration.objects.filter(reception=OuterRef("pk"))),
    ).order_by("-pk")[:10]


_RECEPTIONS = Prepared(_receptions)


def cool_down_until(company_id: int, person_id: int, day: date) -> date | None:
    """The last day on which this person may not claim the company that the person lost; None when free to claim."""
    last = (
        FirstReception.objects.filter(company=company_id, person=person_id, released_at__isnull=False)
        .exclude(ending="")
        .order_by("-released_at")
        .first()
    )
    if last is None or last.released_at is None:
        return None
    until = timezone.localdate(last.released_at) + timedelta(days=rule_on(day).cool_down_days - 1)
    return until if until >= day else None


def rules() -> Iterable[ProtectionRule]:
    """Every protection rule that was set, the newest first."""
    return ProtectionRule.objects.select_related("set_by")
