"""Listens to browsers: whatever a page throws or complains about fails the test that opened it."""

import re

from playwright.sync_api import BrowserContext

# A line that a test cuts, or a refusal that it provokes, is no fault of the page.
EXPECTED = re.compile(r"Failed to load resource: (net::|the server responded with)")


class Watch:
    """`said` holds errors thrown, errors written to the console, and violations of the policy."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def on(self, context: BrowserContext) -> None:
        """Listen to every page of a browser from now on."""
        context.on("weberror", lambda fault: self.said.append(str(fault.error)))
        context.on("console", lambda message: self._note(message.type, message.text))

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not EXPECTED.match(text):
            self.said.append(text)
