"""
Copy what pages need from ``node_modules`` and the wheels into ``static/vendor/``.

``python -m inm_portal.vendoring`` also joins Tabler, Inter and ``static/css/``
into the one style sheet of the portal, so it runs again after an edit there:
set-up, the supervisor and the image build call it before ``collectstatic``.
"""

import hashlib
import json
import re
import shutil
from importlib import resources
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
NODE_MODULES = BASE_DIR / "node_modules"
STYLES = BASE_DIR / "static" / "css"
VENDOR = BASE_DIR / "static" / "vendor"

TABLER = NODE_MODULES / "@tabler/core/dist"
ICONS = NODE_MODULES / "@tabler/icons"
INTER = NODE_MODULES / "@fontsource-variable/inter"
CHART = NODE_MODULES / "chart.js"

FONTS = ["latin", "latin-ext"]
ICON_NAMES = """
activity adjustments affiliate alert-circle alert-triangle api armchair arrow-back-up
arrow-down arrow-forward-up arrow-left arrow-right arrow-up arrows-sort atom award
ban bell bookmark broadcast building building-bank building-factory-2 bulb
calculator calendar calendar-due calendar-event calendar-stats cash certificate
chart-bar chart-line chart-pie check checklist chevron-down chevron-left
chevron-right chevron-up circle-check circle-dashed circle-x clipboard-check
clipboard-list clock code coins contract copy credit-card currency-dollar database
device-desktop door-enter dots-vertical download edit external-link eye eye-off
file-certificate file-description file-download file-invoice file-spreadsheet file-text
file-type-pdf
filter filter-off flag flask folder gavel git-branch heart-handshake help-circle
history home hourglass id-badge-2 inbox info-circle key layout-dashboard
layout-kanban link list list-check lock login logout mail mail-forward map-pin menu-2
message message-circle messages microphone-2 microscope minus moon paperclip pencil
percentage phone
pig-money player-pause player-play plug plus presentation printer qrcode receipt
receipt-refund
refresh report report-analytics robot rocket rotate route scale scan school search
selector send settings share shield shield-check shield-lock signature sparkles
speakerphone stack-2 star sun sun-moon table tag target ticket timeline tool tools
trash trophy upload user user-check user-off user-plus users users-group wallet world
writing-sign x
"""

LICENSES = {
    "tabler-icons.txt": ICONS / "LICENSE",
    "inter.txt": INTER / "LICENSE",
    "chart.js.txt": CHART / "LICENSE.md",
    "popper.txt": NODE_MODULES / "@popperjs/core/LICENSE.md",
    "kurkle-color.txt": NODE_MODULES / "@kurkle/color/LICENSE.md",
}


def main() -> None:
    if not TABLER.is_dir():
        raise SystemExit("Nothing to copy: run `npm ci --ignore-scripts` first.")
    shutil.rmtree(VENDOR, ignore_errors=True)
    (VENDOR / "licenses").mkdir(parents=True)
    write("portal.css", style_sheet())
    write("portal.js", script())
    write("chart.js", without_map(text_of(CHART / "dist/chart.umd.min.js")))
    write("icons.json", json.dumps(drawings()))
    for subset in FONTS:
        font = f"inter-{subset}-wght-normal.woff2"
        shutil.copyfile(INTER / "files" / font, VENDOR / font)
    write_licenses()
    write("manifest.json", json.dumps(hashes(), indent=2) + "\n")


def style_sheet() -> str:
    """Return Tabler, the Inter faces and the portal's own sheets as one."""
    own = [STYLES / f"{name}.css" for name in ["tokens", "base", "components"]]
    sheets = [TABLER / "css/tabler.min.css", *own]
    faces = "\n".join(font_face(subset) for subset in FONTS)
    return "\n".join([without_map(text_of(sheets[0])), faces, *map(text_of, own)])


def script() -> str:
    """Return htmx and Tabler's script as one."""
    htmx = resources.files("django_htmx") / "static/django_htmx/htmx-2.min.js"
    tabler = text_of(TABLER / "js/tabler.min.js")
    return f"{without_map(htmx.read_text('utf-8'))}\n{without_map(tabler)}"


def font_face(subset: str) -> str:
    """Return the ``@font-face`` rule of a subset of Inter, from the package itself."""
    rule = re.search(
        rf"/\* inter-{subset}-wght-normal \*/\s*(@font-face {{.*?\n}})",
        text_of(INTER / "wght.css"),
        re.DOTALL,
    )
    if rule is None:
        raise LookupError(f"Inter has no subset {subset!r}.")
    return rule[1].replace("./files/", "./")


def drawings() -> dict[str, str]:
    return {name: drawing(name) for name in ICON_NAMES.split()}


def drawing(name: str) -> str:
    """Return what stands inside the ``<svg>`` of an icon."""
    svg = text_of(ICONS / f"icons/outline/{name}.svg")
    shapes = svg.partition(">")[2].rpartition("</svg>")[0].split("\n")
    return "".join(shape.strip() for shape in shapes if 'd="M0 0h24v24' not in shape)


def write_licenses() -> None:
    """Keep each license beside the copy; Tabler's stands only in its file's header."""
    for name, source in LICENSES.items():
        shutil.copyfile(source, VENDOR / "licenses" / name)
    notice = "Copyright (c) 2018-2026 The Tabler Authors"
    same = text_of(ICONS / "LICENSE")
    write("licenses/tabler.txt", re.sub(r"Copyright \(c\).*", notice, same, count=1))


def hashes() -> dict[str, str]:
    """Return the SHA-256 of every file that pages are served from."""
    files = sorted(path for path in VENDOR.iterdir() if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def without_map(text: str) -> str:
    """Drop source-map lines: the storage of static files fails on a missing map."""
    return re.sub(r"(/\*|//)# sourceMappingURL=\S+( \*/|\*/)?", "", text).strip()


def write(name: str, text: str) -> None:
    (VENDOR / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
