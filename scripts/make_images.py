"""Make the pictures of the README from a finished run: docs/images/map.png, map-article.png and page.png.

Usage: python scripts/make_images.py OUT   (OUT is the folder of a run over corpus/articles)
Needs Graphviz, Chinese fonts and chromium (sh scripts/setup-system.sh); pngquant, where there, makes the files small.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from pipeline.argmap import export_maps
from pipeline.tables import read_tables

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def main(out: Path) -> None:
    """Write the pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    tables = read_tables(out / "tables")
    richest = Counter(a.article_id for a in tables.arguments if a.kind not in ("evidence", "claim")).most_common(1)
    maps = {"map": "all", "map-article": f"article:{richest[0][0]}"}
    with TemporaryDirectory() as folder:
        for name, scope in maps.items():
            size = 40 if scope == "all" else 24
            report = export_maps(tables, ["png"], Path(folder), scope=scope, max_arguments=size)
            shutil.copyfile(report.paths[0], IMAGES / f"{name}.png")
    photograph(out / "explorer.html", IMAGES / "page.png")
    for path in sorted(IMAGES.glob("*.png")):
        if shutil.which("pngquant"):
            subprocess.run(["pngquant", "--force", "--strip", "--output", str(path), "64", str(path)], check=True)
        sys.stdout.write(f"{path.name}: {path.stat().st_size // 1024} kB\n")


def photograph(page_file: Path, target: Path) -> None:
    """Take a picture of the page's overview, as a reader sees it first."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(page_file.resolve().as_uri())
        page.wait_for_selector(".theme")
        page.screenshot(path=str(target))
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
