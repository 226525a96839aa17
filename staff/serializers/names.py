"""People and teams by their names, as other records point at them."""

from rest_framework import serializers

from staff.models import Person, Team


class TeamNameSerializer(serializers.ModelSerializer[Team]):
    class Meta:
        model = Team
        fields = ["public_id", "code", "name"]


class PersonNameSerializer(serializers.ModelSerializer[Person]):
    class Meta:
        model = Person
        fields = ["public_id", "staff_number", "name"]
