"""Run inside the virtual environment: compiles stale catalogues without the gettext tools."""

import polib

from promotion.bootstrap.catalogues import stale_catalogues

if __name__ == "__main__":
    for source in stale_catalogues():
        polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
