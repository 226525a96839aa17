"""Give every share its role's weight and its part of the role; what anybody is credited with stays as it was.

So far `percent` was a part of the whole project. A settlement is a run of rows, in the order written, that totals 100; the
weight of a role is the sum of its rows, a row's share its part of that with nine decimals, the missing steps to the largest
remainders. weight × share, rounded to four decimals, is then exactly the percent that was there.
"""

from decimal import ROUND_DOWN, Decimal
from itertools import groupby

from django.db import migrations

WHOLE, FINE = Decimal(100), Decimal("0.000000001")
BATCH = 2000
TABLES = ("projects_creditshare", "projects_creditshareevent")


def divided(parts):
    weight = sum(parts, Decimal(0))
    exact = [part * WHOLE / weight for part in parts]
    cut = [value.quantize(FINE, ROUND_DOWN) for value in exact]
    turns = sorted(range(len(parts)), key=lambda place: (cut[place] - exact[place], place))
    for place in turns[: int((WHOLE - sum(cut, Decimal(0))) / FINE)]:
        cut[place] += FINE
    return weight, cut


def settlements(rows):
    """The rows of one project, by settlement."""
    found, total = [[]], Decimal(0)
    for row in rows:
        if total >= WHOLE:
            found.append([])
            total = Decimal(0)
        found[-1].append(row)
        total += row.percent
    return found


def fill(apps, schema_editor):
    share = apps.get_model("projects", "CreditShare")
    waiting = []

    def write():
        share.objects.bulk_update(waiting, ["settlement", "weight", "share"], batch_size=BATCH)
        waiting.clear()

    with schema_editor.connection.cursor() as cursor:
        # The history keeps what people change; this is the same fact in another form.
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    rows = share.objects.order_by("project_id", "id").iterator(chunk_size=BATCH)
    for _project, own in groupby(rows, key=lambda row: row.project_id):
        for number, settled in enumerate(settlements(own), start=1):
            for role in sorted({row.role for row in settled}):
                held = [row for row in settled if row.role == role]
                weight, parts = divided([row.percent for row in held])
                for row, part in zip(held, parts):
                    row.settlement, row.weight, row.share = number, weight, part
            waiting.extend(settled)
        if len(waiting) >= BATCH:
            write()
    write()
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "UPDATE projects_creditshareevent e SET settlement = s.settlement, weight = s.weight, share = s.share "
            "FROM projects_creditshare s WHERE s.id = e.pgh_obj_id"
        )
        # A row that is gone stood alone, as far as its history tells.
        cursor.execute("UPDATE projects_creditshareevent SET weight = percent, share = 100 WHERE weight IS NULL")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    dependencies = [("projects", "0015_share_roles")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
