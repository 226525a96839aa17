"""Work lent during an absence, as JSON."""

from typing import Any

from rest_framework import serializers

from promotion.api.strict import Strict
from staff.models import Delegation, Person
from staff.serializers.names import PersonNameSerializer


class DelegationSerializer(serializers.ModelSerializer[Delegation]):
    """`ends_on` is the first day on which the work is lent no more."""

    principal = PersonNameSerializer(read_only=True)
    delegate = PersonNameSerializer(read_only=True)

    class Meta:
        model = Delegation
        fields = ["public_id", "principal", "delegate", "starts_on", "ends_on", "reason", "made_at"]
        read_only_fields = fields


class DelegationEntrySerializer(Strict, serializers.Serializer[Any]):
    """People by staff number; `principal` left out: the account's own person."""

    principal = serializers.SlugRelatedField("staff_number", queryset=Person.objects.all(), required=False)
    delegate = serializers.SlugRelatedField("staff_number", queryset=Person.objects.all())
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    reason = serializers.CharField(max_length=200)
