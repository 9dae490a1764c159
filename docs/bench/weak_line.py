"""How long until a page is usable, cold, in Chromium: 400 kbit/s, 300 ms, a processor six times slower."""

import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from sitting import SLUG, Learners, free_port, process

LINE = {"offline": False, "latency": 300, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
SLOWER = 6
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""

# Usable: the text is painted in its style, so it can be read and its links and buttons pressed.
PAINTED = """() => new Promise(done => {
  const look = () => {
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    paint && document.readyState !== 'loading' ? done(Math.max(paint.startTime,
      performance.getEntriesByType('navigation')[0].domInteractive)) : setTimeout(look, 20);
  };
  look();
})"""


def usable(page: Page, url: str) -> float:
    """Milliseconds from the tap to the usable page."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url, wait_until="commit")
    return float(page.evaluate(PAINTED))


def main() -> None:
    """Print the middle of five for each page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        learners = Learners(folder, 1)
        cookie = learners.cookie(learners.devices[0]).partition("=")[2]
        port = free_port()
        root = f"http://127.0.0.1:{port}"
        pages = {
            "front page": "/",
            "lesson": f"/belajar/{SLUG}/konsep-psm/apa-itu-psm",
            "course": f"/belajar/{SLUG}",
            "start of a quiz": f"/mulai-kuis/{SLUG}/konsep-psm/apa-itu-psm",
        }
        with process("-m", "lms", "serve", port=port, LMS_DATA=str(folder)), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            for label, path in pages.items():
                times = []
                for _ in range(5):
                    context = browser.new_context(viewport={"width": 360, "height": 740})
                    context.add_cookies([{"name": "sinau", "value": cookie, "url": root}])
                    times.append(usable(context.new_page(), root + path))
                    context.close()
                print(f"{label}: usable after {sorted(times)[2] / 1000:.2f} s")
            browser.close()


if __name__ == "__main__":
    main()
