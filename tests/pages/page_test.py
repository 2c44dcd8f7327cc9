"""The page of the tour in a browser, without a window: `make test-pages` runs this.

Where chromium is missing, or cannot start, as in some containers, it is skipped.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SECONDS = 120
HEADLESS = ["--headless", "--no-sandbox", "--disable-background-networking", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run"]


def starts():
    """Whether the browser works on this machine at all."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run([BROWSER, *HEADLESS, f"--user-data-dir={folder}", "--dump-dom", "about:blank"],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return False
    return done.returncode == 0 and b"</html>" in done.stdout


def built_page(folder):
    """The page of the tour, made now."""
    environment = {**os.environ, "APP": "apps/tour", "RING": "0", "DETOUR_RECORDINGS": folder}
    image = subprocess.run(["sh", "tools/build/build.sh", "image"], cwd=ROOT, env=environment, stdout=subprocess.PIPE,
                           text=True, timeout=600, check=True).stdout.strip()
    page = pathlib.Path(folder, "tour.html")
    subprocess.run([sys.executable, "tools/run/record_page.py", "--output", page, image], cwd=ROOT, env=environment,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=300, check=True)
    return page


@unittest.skipUnless(BROWSER and starts(), "there is no chromium, or it does not start")
class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.page = built_page(cls.folder.name)

    def open(self, place, script=""):
        """The document as it is at this place, after this script. No error was reported."""
        page = self.page
        if script:
            page = pathlib.Path(self.folder.name, "scripted.html")
            after = f"<script>addEventListener('load', () => {{ {script} }});</script></body>"
            page.write_text(self.page.read_text(encoding="utf-8").replace("</body>", after), encoding="utf-8")
        done = subprocess.run(
            [BROWSER, *HEADLESS, "--enable-logging=stderr", "--v=0",
             f"--user-data-dir={self.folder.name}/browser", "--virtual-time-budget=3000", "--dump-dom",
             f"file://{page}{place}"], capture_output=True, text=True, timeout=SECONDS, check=False)
        self.assertNotRegex(done.stderr, r":CONSOLE")
        self.assertIn("</html>", done.stdout)
        return done.stdout

    @staticmethod
    def shown(document, name):
        """The text of the element with this id."""
        found = re.search(rf'id="{name}"[^>]*>(.*?)</(?:h2|p|span|caption)>', document, re.DOTALL)
        return re.sub(r"<[^>]*>", "", found[1])

    def test_a_link_leads_to_its_step(self):
        document = self.open("#2.17")
        self.assertEqual(self.shown(document, "chapter"), "The return address is rewritten")
        self.assertRegex(document, r"<tr[^>]*planted.*<del>[0-9a-f]{8}</del> [0-9a-f]{8}")
        self.assertIn("proctab[4].prdetour.original keeps", document)

    def test_forwards_and_back_is_the_same(self):
        key = "dispatchEvent(new KeyboardEvent('keydown', {key: '%s'}));"
        there_and_back = "for (let i = 0; i < 100; i++) %s for (let i = 0; i < 100; i++) %s" % \
            (key % "ArrowRight", key % "ArrowLeft")
        plain, moved = self.open("#2.0"), self.open("#2.0", there_and_back)

        def body(document):
            return re.search(r"<main.*</main>", document, re.DOTALL)[0]
        self.assertEqual(body(plain), body(moved))

    def test_who_wrote_a_word(self):
        click = "document.querySelector('tr.planted button').click();"
        document = self.open("#2.18", click)
        self.assertRegex(document, r'href="#2\.17">step 17</a> changed [0-9a-f]{8} to [0-9a-f]{8}: .*movl.*'
                         r"message_arrived.*process 5 \(sender\)")
        self.assertRegex(document, r'href="#2\.1">step 1</a> put .*call sleepms')


if __name__ == "__main__":
    unittest.main()
