# ruff: noqa: INP001 a script beside the pages, not a package
"""Takes the pictures of the handbook from a running demo (`make run`).

    python docs/guide/pictures.py http://localhost:8000 [name …]

Needs playwright for Python and a Chromium-like browser on the PATH (or BROWSER_PATH). Each picture is one entry of
PICTURES: whose eyes, which page, what is clicked or typed first. Nothing is saved in the demo.
"""

import base64
import os
import shutil
import struct
import sys
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
PASSWORD = "zhaoshang-2026"  # noqa: S105 the password of the demo house
LARGEST = 150_000
SIZES = {1440: {"width": 1440, "height": 900}, 390: {"width": 390, "height": 844}}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb", "--lang=zh-CN"]
FIRST_ROW = "tbody tr[data-row]:first-child .row-link"
Step = Callable[[Page], object]


@dataclass(frozen=True)
class Picture:
    """One picture: the file is `<name>-<width>.png`."""

    name: str
    width: int
    who: str
    path: str
    steps: tuple[Step, ...] = ()
    scheme: str = "light"


def follow(selector: str) -> Step:
    """Open the page that the first such link leads to."""

    def step(page: Page) -> None:
        page.goto(page.locator(selector).first.evaluate("link => link.href"))

    return step


def click(selector: str) -> Step:
    return lambda page: page.locator(selector).first.click()


def key(name: str) -> Step:
    return lambda page: page.keyboard.press(name)


def fill(name: str, text: str) -> Step:
    def step(page: Page) -> None:
        field = page.locator(f"[name={name}]:visible").first
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)

    return step


def top(page: Page) -> None:
    """Back to the top of the page after something was opened further down."""
    page.wait_for_timeout(600)
    page.evaluate("window.scrollTo(0, 0)")


def report(page: Page) -> None:
    """The form for money received in dollars, of the first project."""
    follow(FIRST_ROW)(page)
    page.goto(f"{page.url.rstrip('/')}/achievements/new/?kind=paid_in")
    fill("amount", "300")(page)
    fill("currency", "USD")(page)
    fill("exchange_rate", "7.1203")(page)
    fill("happened_on", "2026-11-20")(page)
    fill("rate_on", "2026-11-20")(page)
    fill("certificate", "FDI-2026-1120")(page)


# The year before the running one, in the switch of years.
LAST_YEAR = follow("a.segment[href*='year=']:nth-last-child(2)")
MINE = "/projects/list/?mine=1&sort=-investment"
PICTURES: Iterable[Picture] = (
    Picture("sign-in", 1440, "", "/sign-in/"),
    Picture("home", 1440, "zs005", "/"),
    Picture("grades", 1440, "hr-office", "/year/grades/", (follow("a.segment[href$='2025']"),)),
    Picture("pay", 1440, "manager", "/year/pay/", (follow("a.segment[href$='2025']"),)),
    Picture(
        "pay-own",
        390,
        "zs005",
        "/year/pay/",
        (follow("a.segment[href$='2025']"), click(".pay-steps summary")),
    ),
    Picture("competition", 1440, "hr-office", "/teams/competitions/", (follow(FIRST_ROW),)),
    Picture(
        "competition-apply",
        390,
        "jiguan",
        "/teams/competitions/",
        (follow(FIRST_ROW), follow("a[href*='/teams/applications/']"), follow("a[href$='/apply/']")),
    ),
    Picture("score-sheet", 390, "deputy", "/teams/interviews/", (follow(".row-item:has-text('评分中') a"),)),
    Picture(
        "competition-ranking",
        1440,
        "hr-office",
        "/teams/competitions/?sort=closes",
        (follow(FIRST_ROW), follow("a[href$='/ranking/']"), click(".ranking summary")),
    ),
    Picture("search", 1440, "zs005", "/", (key("Control+k"), fill("q", "yhjy"))),
    Picture("lead", 1440, "zs005", "/", (key("c"), fill("company_name", "西安远航"), key("End"))),
    Picture("board", 1440, "manager", "/projects/"),
    Picture("advance", 1440, "zs005", MINE, (follow(FIRST_ROW), click("a.button-primary[hx-get*=advance]"))),
    Picture("record", 1440, "zs005", MINE, (follow(FIRST_ROW),)),
    Picture("money", 1440, "zs005", MINE, (report,)),
    Picture("recognition", 1440, "manager", "/recognitions/", (click("td a[href*='/recognition/']"),)),
    Picture("shares", 1440, "zs001", MINE, (follow(FIRST_ROW), click("a[href$='/shares/']:visible"))),
    Picture("score", 1440, "zs005", "/score/", (click("#foreign_capital .row-link"), top)),
    Picture("statement", 1440, "zs005", "/score/", (click("a[href$='/statement/']"),)),
    Picture("changes", 1440, "hr-office", "/score/changes/"),
    Picture("history", 1440, "zs005", "/score/", (click("a[href$='/history/']"),)),
    Picture("what-if", 1440, "zs005", "/score/what-if/", (click("#step-1"), click("#step-5"), top)),
    Picture("ranking", 1440, "hr-office", "/score/ranking/"),
    Picture("awards", 1440, "hr-office", "/year/awards/", (LAST_YEAR,)),
    Picture("publicity", 1440, "manager", "/year/publicity/", (LAST_YEAR,)),
    Picture("publicity", 390, "zs005", "/year/publicity/", (LAST_YEAR, follow("a[href$='/changes/']"))),
    Picture(
        "rehearsal",
        1440,
        "hr-office",
        "/score/rehearsal/",
        (click("button[type=submit]:has-text('演练')"), top),
    ),
    Picture("runs", 1440, "hr-office", "/runs/", (follow(FIRST_ROW),)),
    Picture("dashboard", 1440, "manager", "/dashboard/"),
    Picture("cockpit", 1440, "manager", "/dashboard/cockpit/"),
    Picture(
        "scheme-editor",
        1440,
        "hr-office",
        "/score/schemes/",
        (follow(FIRST_ROW), follow("#fixed_asset a[href*='/indicators/']")),
    ),
    Picture(
        "scheme-award",
        1440,
        "hr-office",
        "/score/schemes/",
        (follow(FIRST_ROW), follow("#awards-snail a[href*='/parts/']"), top),
    ),
    Picture("targets", 1440, "hr-office", "/score/targets/"),
    Picture("inputs", 1440, "hr-office", "/score/inputs/"),
    Picture("roster", 1440, "hr-office", "/teams/roster/", (follow(FIRST_ROW),)),
    Picture("contracts", 1440, "hr-office", "/teams/contracts/?soon=60"),
    Picture("contract", 1440, "hr-office", "/teams/contracts/?soon=60", (follow(FIRST_ROW),)),
    Picture("absences", 1440, "hr-office", "/teams/absences/"),
    Picture("departure", 1440, "hr-office", "/teams/departures/", (follow(FIRST_ROW),)),
    Picture("sealed", 1440, "auditor", "/teams/sealed/?sort=-opened", (follow(FIRST_ROW),)),
    Picture("find", 1440, "zs005", "/teams/find/people/?language=日语&field=集成电路&room=any"),
    Picture("training", 1440, "zs005", "/teams/training/"),
    Picture("gaps", 1440, "hr-office", "/teams/training/gaps/"),
    Picture("coverage", 1440, "manager", "/teams/coverage/matrix/"),
    Picture("chart", 1440, "manager", "/teams/chart/sheet/"),
    Picture("gates", 1440, "manager", "/supervision/gates/"),
    Picture("admission", 1440, "manager", "/admissions/", (follow(FIRST_ROW),)),
    Picture("review", 1440, "manager", "/reviews/", (follow(FIRST_ROW),)),
    Picture("drive", 1440, "manager", "/drives/", (follow(FIRST_ROW),)),
    Picture("blocker", 1440, "zs005", "/blockers/", (follow(FIRST_ROW),)),
    Picture("protection", 1440, "manager", "/receptions/"),
    Picture("promises", 1440, "manager", "/promises/"),
    Picture("companies", 1440, "manager", "/companies/", (follow(FIRST_ROW),)),
    Picture("sites", 1440, "manager", "/sites/"),
    Picture("map", 1440, "manager", "/projects/map/"),
    Picture("clocks", 1440, "manager", "/supervision/clocks/"),
    Picture("handover", 1440, "manager", "/handovers/", (follow(FIRST_ROW),)),
    Picture("service", 1440, "zs005", MINE, (follow(FIRST_ROW), click("a[href*='tab=service']"), top)),
    Picture("dark", 1440, "zs005", "/score/", (click("#foreign_capital .row-link"), top), scheme="dark"),
    Picture("home", 390, "zs005", "/"),
    Picture("lead", 390, "zs005", "/leads/new/"),
    Picture("board", 390, "zs005", "/projects/"),
    Picture("record", 390, "zs005", MINE, (follow(FIRST_ROW),)),
    Picture("recognition", 390, "manager", "/recognitions/", (click("td a[href*='/recognition/']"),)),
    Picture("score", 390, "zs005", "/score/"),
    Picture("review", 390, "manager", "/reviews/", (follow(FIRST_ROW),)),
    Picture("drive", 390, "manager", "/drives/", (follow(FIRST_ROW),)),
    Picture("invitations", 1440, "admin", "/accounts/invitations/"),
    Picture("roles", 1440, "admin", "/roles/"),
)


# The 256 commonest colours of a picture, and for each of its points the nearest of them.
FEWER_COLOURS = """async source => {
  const image = new Image(); image.src = source; await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext('2d');
  pen.drawImage(image, 0, 0);
  const points = new Uint32Array(pen.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  for (const point of points) counts.set(point, (counts.get(point) || 0) + 1);
  const kept = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([point]) => point);
  const parts = point => [point & 255, (point >> 8) & 255, (point >> 16) & 255];
  const palette = kept.map(parts), nearest = new Map();
  for (const point of counts.keys()) {
    const [r, g, b] = parts(point); let best = 0, least = Infinity;
    palette.forEach(([x, y, z], place) => {
      const off = (r - x) ** 2 + (g - y) ** 2 + (b - z) ** 2;
      if (off < least) { least = off; best = place; }
    });
    nearest.set(point, best);
  }
  const bytes = Uint8Array.from(points, point => nearest.get(point));
  let text = '';
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return {width: image.width, palette: palette.flat(), points: btoa(text)};
}"""


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def smaller(browser: Browser, shot: bytes) -> bytes:
    """The same picture as a PNG of at most 256 colours, a third of the size."""
    page = browser.new_page()
    found = page.evaluate(FEWER_COLOURS, f"data:image/png;base64,{base64.b64encode(shot).decode()}")
    page.close()
    width, points = found["width"], base64.b64decode(found["points"])
    lines = b"".join(b"\0" + points[at : at + width] for at in range(0, len(points), width))
    header = struct.pack(">IIBBBBB", width, len(points) // width, 8, 3, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"PLTE", bytes(found["palette"]))
        + chunk(b"IDAT", zlib.compress(lines, 9))
        + chunk(b"IEND", b"")
    )


def take(browser: Browser, base: str, picture: Picture) -> int:
    """Take one picture; answers its size in bytes."""
    context = browser.new_context(
        viewport=SIZES[picture.width],
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme=picture.scheme,
        has_touch=picture.width < 769,
    )
    page = context.new_page()
    if picture.who:
        page.goto(f"{base}/sign-in/")
        page.fill("[name=username]", picture.who)
        page.fill("[name=password]", PASSWORD)
        page.click("[type=submit]")
        page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(base + picture.path)
    for step in picture.steps:
        page.wait_for_load_state("networkidle")
        step(page)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(900)
    file = HERE / f"{picture.name}-{picture.width}.png"
    file.write_bytes(smaller(browser, page.screenshot()))
    context.close()
    return file.stat().st_size


def browser_path() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "microsoft-edge")
    return os.environ.get("BROWSER_PATH") or next((p for n in names if (p := shutil.which(n))), None)


def main(base: str, names: Iterable[str]) -> int:
    """Take all pictures, or those named; answers how many are larger than the handbook allows."""
    wanted, large = set(names), 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        for picture in PICTURES:
            if wanted and f"{picture.name}-{picture.width}" not in wanted and picture.name not in wanted:
                continue
            size = take(browser, base.rstrip("/"), picture)
            large += size > LARGEST
            print(
                f"{size // 1000:>4} kB  {picture.name}-{picture.width}.png{'  too large' if size > LARGEST else ''}"
            )
        browser.close()
    return large


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000", sys.argv[2:]) else 0)
