"""Draws docs/layar.png, the README's picture, from a running `make demo`: four pages on a phone, side by side.

Usage: python docs/layar.py ADDRESS CARD_LETTERS CHECK_ADDRESS
"""

import io
import os
import shutil
import sys

from PIL import Image
from playwright.sync_api import Page, sync_playwright

WIDTH, HEIGHT, GAP = 360, 740, 12
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
COURSE = "/belajar/bimtek-dasar-psm"


def screens(page: Page, address: str, card: str, check: str) -> list[bytes]:
    """The course with progress, a lesson at its drawing, a quiz under way, the check of a certificate."""
    page.goto(f"{address}/kartu#{card}")
    page.get_by_role("button", name="Ya, masuk").click()
    page.goto(address + COURSE)
    found = [page.screenshot()]
    page.goto(f"{address}{COURSE}/konsep-psm/empat-fungsi")
    page.locator("article img").first.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('article img').complete")
    found.append(page.screenshot())
    page.goto(f"{address}/mulai-kuis/bimtek-dasar-psm/konsep-psm/apa-itu-psm")
    page.locator(".next .btn").last.click()
    page.wait_for_url("**/kuis/*")
    page.wait_for_load_state("networkidle")
    found.append(page.screenshot())
    page.goto(check)
    found.append(page.screenshot())
    return found


def main(address: str, card: str, check: str) -> None:
    """Write the picture beside this file."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="id-ID").new_page()
        pictures = [Image.open(io.BytesIO(data)) for data in screens(page, address, card, check)]
        browser.close()
    sheet = Image.new("RGB", (len(pictures) * (WIDTH + GAP) - GAP, HEIGHT), "#8a8a8a")
    for place, picture in enumerate(pictures):
        sheet.paste(picture, (place * (WIDTH + GAP), 0))
    sheet.quantize(128).save(os.path.join(os.path.dirname(__file__), "layar.png"), optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
