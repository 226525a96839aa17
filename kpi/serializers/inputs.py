"""What the API shows and takes of assessment inputs and of the units that are only assessed."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kpi.models import AssessmentInput, InputKind
from kpi.queries.input_course import Titled
from kpi.queries.input_missing import MissingInput
from kpi.serializers.subject import NamedSubject, SubjectFields
from promotion.api.strict import Strict
from staff.models import Team

VALUE: dict[str, Any] = {"max_digits": 24, "decimal_places": 8}


class InputSerializer(SubjectFields, serializers.ModelSerializer[AssessmentInput]):
    """One input (考评录入): only a confirmed one counts. Who gave which mark (`voter`) is empty for those who are marked.

    `code`, `part`, `band` and `option` are codes of the scheme; `value` is the mark (null: not handed in), points, figure, or
    元 for one unit of the currency in `code`.
    """

    project = serializers.CharField(source="project.code", default=None, help_text="Code of the project.")
    said = serializers.CharField(
        help_text="What it says in its place; give it back as `seen` when you record anew."
    )
    voter = serializers.SerializerMethodField()
    recorded_by = serializers.CharField(source="recorded_by.display_name")
    decided_by = serializers.CharField(source="decided_by.display_name", default=None)
    ended_by = serializers.CharField(source="ended_by.display_name", default=None)
    paper = serializers.SerializerMethodField(help_text="Id of the file behind it, where one may open it.")

    class Meta:
        model = AssessmentInput
        fields: tuple[str, ...] = (
            "public_id",
            "year",
            "kind",
            "state",
            "person",
            "team",
            "name",
            "project",
            "code",
            "part",
            "band",
            "voter",
            "option",
            "value",
            "said",
            "author",
            "reason",
            "holds_from",
            "dated",
            "paper",
            "recorded_by",
            "recorded_at",
            "decided_by",
            "decided_at",
            "ended_by",
            "ended_at",
            "note",
        )
        read_only_fields = fields

    def get_voter(self, entry: AssessmentInput) -> str:
        return entry.voter if self.context.get("sees_voters") else ""

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_paper(self, entry: AssessmentInput) -> str | None:
        hidden = entry.kind == InputKind.RATING and not self.context.get("sees_voters")
        return None if entry.paper is None or hidden else entry.paper.public_id


class InputDetailSerializer(InputSerializer):
    """An input with its name in the scheme, and everything that was ever recorded in its place, oldest first."""

    title = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField(help_text="Panel, measure and band, or since when it holds.")
    shown = serializers.SerializerMethodField(help_text="The value as one reads it.")
    course = serializers.SerializerMethodField()

    class Meta(InputSerializer.Meta):
        fields = (*InputSerializer.Meta.fields, "title", "detail", "shown", "course")
        read_only_fields = fields

    def get_title(self, entry: AssessmentInput) -> str:
        return self._words.title

    def get_detail(self, entry: AssessmentInput) -> str:
        return self._words.detail

    def get_shown(self, entry: AssessmentInput) -> str:
        return self._words.value

    @extend_schema_field(InputSerializer(many=True))
    def get_course(self, entry: AssessmentInput) -> Any:
        return InputSerializer(self.context["course"], many=True, context=self.context).data

    @property
    def _words(self) -> Titled:
        words: Titled = self.context["words"]
        return words


class InputRowSerializer(Strict, NamedSubject):
    """One input to record; which fields it needs follows from `kind` and the scheme."""

    kind = serializers.ChoiceField(InputKind.choices)
    code = serializers.CharField(max_length=60, required=False, allow_blank=True)
    part = serializers.CharField(max_length=60, required=False, allow_blank=True)
    band = serializers.CharField(max_length=60, required=False, allow_blank=True)
    voter = serializers.CharField(max_length=40, required=False, allow_blank=True)
    option = serializers.CharField(max_length=60, required=False, allow_blank=True)
    value = serializers.DecimalField(**VALUE, required=False, allow_null=True)
    author = serializers.CharField(max_length=40, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
    holds_from = serializers.DateField(required=False, allow_null=True)
    dated = serializers.DateField(required=False, allow_null=True)
    seen = serializers.CharField(
        max_length=400,
        required=False,
        allow_blank=True,
        help_text="What one read in its place (`said`; empty for nothing): if something else stands there now, nothing is "
        "recorded (409). Left out: recorded over whatever is there.",
    )
    project = serializers.CharField(
        max_length=40, required=False, allow_null=True, help_text="Code of a project one sees."
    )


class RecordInputsSerializer(Strict, serializers.Serializer[Any]):
    """Inputs of a year, all or none, perhaps with the paper they rest on (multipart)."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)
    rows = InputRowSerializer(many=True, allow_empty=False)
    paper = serializers.FileField(required=False)


class RecordedInputsSerializer(serializers.Serializer[Any]):
    """The inputs that were recorded; what said the same as what holds was left as it is (`unchanged`)."""

    recorded = InputSerializer(many=True)
    unchanged = serializers.IntegerField()


class ChosenInputsSerializer(Strict, serializers.Serializer[Any]):
    """Which inputs, by their ids."""

    inputs = serializers.ListField(child=serializers.CharField(max_length=10), min_length=1, max_length=5000)


class ReturnInputsSerializer(ChosenInputsSerializer):
    """Which inputs, and why they go back."""

    reason = serializers.CharField(max_length=300)


class InputReasonSerializer(Strict, serializers.Serializer[Any]):
    """Why a confirmed input is taken out."""

    reason = serializers.CharField(max_length=300)


class InputColumnSerializer(serializers.Serializer[Any]):
    """A figure that a sheet asks for. `credited`: also of subjects whose facts the product counts."""

    title = serializers.CharField()
    part = serializers.CharField()
    band = serializers.CharField()
    unit = serializers.CharField()
    credited = serializers.BooleanField()


class InputPanelSerializer(serializers.Serializer[Any]):
    """A panel of a rating; `expected` is the number of ballots, null where the scheme names none."""

    part = serializers.CharField(source="code")
    title = serializers.CharField()
    expected = serializers.IntegerField(allow_null=True)


class InputSheetSerializer(serializers.Serializer[Any]):
    """One sheet of the year (录入表) with how far it is filled; `kind`, `code`, `part`, `band` are what a row is recorded with."""

    sheet = serializers.CharField(source="sheet.name")
    kind = serializers.ChoiceField(InputKind.choices, source="sheet.kind")
    code = serializers.CharField(source="sheet.code")
    title = serializers.CharField(source="sheet.title")
    wanted = serializers.CharField(source="sheet.wanted")
    is_optional = serializers.BooleanField(source="sheet.is_optional")
    by_project = serializers.BooleanField(source="sheet.by_project")
    owed = serializers.IntegerField()
    confirmed = serializers.IntegerField()
    waiting = serializers.IntegerField()
    missing = serializers.IntegerField()
    panels = InputPanelSerializer(many=True, source="sheet.panels")
    columns = InputColumnSerializer(many=True, source="sheet.columns")


class LackingRateSerializer(serializers.Serializer[Any]):
    """A day on which foreign money came and no rate reaches back to; `noted` was noted when it was recognised."""

    currency = serializers.CharField()
    on = serializers.DateField()
    facts = serializers.IntegerField()
    noted = serializers.DecimalField(**VALUE, allow_null=True)


class InputSheetsSerializer(serializers.Serializer[Any]):
    """What a year's scheme asks people for. `unmet` are kinds of the scheme that nobody is of: units to be entered."""

    year = serializers.IntegerField()
    scheme = serializers.CharField(allow_null=True)
    sheets = InputSheetSerializer(many=True)
    categories = serializers.DictField(child=serializers.CharField(), help_text="Codes with their titles.")
    lacking_rates = LackingRateSerializer(many=True)
    unmet = serializers.ListField(child=serializers.CharField())


class MissingInputSerializer(serializers.Serializer[Any]):
    """Something that is asked and was not recorded; `count` ballots, or one of anything else."""

    sheet = serializers.CharField(source="sheet.name")
    kind = serializers.ChoiceField(InputKind.choices, source="sheet.kind")
    code = serializers.CharField(source="sheet.code")
    part = serializers.CharField()
    band = serializers.CharField()
    person = serializers.SerializerMethodField(help_text="Staff number.")
    team = serializers.SerializerMethodField(help_text="Code of the team or unit.")
    name = serializers.CharField(source="one.subject.name")
    project = serializers.CharField(source="project.code", default=None)
    title = serializers.CharField(source="sheet.title")
    detail = serializers.CharField(source="title")
    unit = serializers.CharField()
    count = serializers.IntegerField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_person(self, missing: MissingInput) -> str | None:
        return _code(missing, "person")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_team(self, missing: MissingInput) -> str | None:
        return _code(missing, "team")


def _code(missing: MissingInput, kind: str) -> str | None:
    return missing.one.subject.code.partition(":")[2] if missing.one.key[0] == kind else None


class PlannedInputSerializer(serializers.Serializer[Any]):
    """An input that a preview would record; `old` is empty where nothing was recorded, `line` the line of the file."""

    line = serializers.IntegerField()
    kind = serializers.CharField(source="row.kind")
    name = serializers.CharField()
    title = serializers.CharField()
    detail = serializers.CharField()
    old = serializers.CharField()
    new = serializers.CharField()
    same = serializers.BooleanField()


class UnitSerializer(serializers.ModelSerializer[Team]):
    """A unit outside the house that is assessed (参评单位); `assessed_as` is the word by which schemes call its kind."""

    class Meta:
        model = Team
        fields = ("public_id", "code", "name", "assessed_as", "founded_on", "closed_on")
        read_only_fields = fields


class NewUnitSerializer(Strict, serializers.Serializer[Any]):
    """A unit to enter."""

    name = serializers.CharField(max_length=60)
    code = serializers.CharField(max_length=20)
    assessed_as = serializers.CharField(max_length=40)
    founded_on = serializers.DateField(help_text="From which day it is assessed.")


class CloseUnitSerializer(Strict, serializers.Serializer[Any]):
    """From which day a unit is assessed no more."""

    on = serializers.DateField()
