"""`manage.py migrate`, told not to redraw what an operation does not touch.

Django draws the classes of all models that hang together anew after every operation; with some hundred of them (row history
doubles the number) that is nine tenths of the time of an empty database's first start. An operation that changes tables needs the
model it names; what other models know about it does not matter to a table. States drawn this way are marked as delayed,
which makes Django draw everything before Python code runs in a migration.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db.migrations import state

ProjectState: Any = state.ProjectState


@contextmanager
def drawn_sparingly() -> Iterator[None]:
    """Let a state reload the named model alone, where it usually reloads all that hang together with it."""
    usual = ProjectState._find_reload_model  # noqa: SLF001 Django has no other door

    def only_itself(self: Any, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:
        self.is_delayed = True
        return {(app_label, model_name)}

    ProjectState._find_reload_model = only_itself  # noqa: SLF001
    try:
        yield
    finally:
        ProjectState._find_reload_model = usual  # noqa: SLF001


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with drawn_sparingly():
            super().handle(*args, **options)
