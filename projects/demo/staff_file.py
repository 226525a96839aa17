"""The staff file, told among the other chapters once the projects are there."""

from projects.demo.world import World
from staff.demo.file import fill_staff_file


def tell(world: World) -> str:
    """Contracts, days away, leavers and sealed archives."""
    return fill_staff_file(hr=world.accounts["hr"], today=world.today)
