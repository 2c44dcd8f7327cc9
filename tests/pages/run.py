#!/usr/bin/env python3
"""make test-pages: makes the page of the tour, as `make page` does, and has each browser that is here try it.

The page stays, at build/pages/tour.html. A browser that is not here, or does not start (as in some containers), is left
out with a line that says so; so are all where npm cannot install what drives them. Then this ends with 0.
"""

import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "build" / "pages" / "tour.html"
BROWSERS = {"chromium": ("chromium", "chromium-browser", "google-chrome"), "firefox": ("firefox-esr", "firefox")}
TESTS = ("tests/pages/steps_test.mjs", "tests/pages/looks_test.mjs")
SECONDS = 900


def say(text):
    print(f"test-pages: {text}", flush=True)


def make_page():
    environment = {**os.environ, "APP": "apps/tour", "RING": "0"}
    image = subprocess.run(["sh", "tools/build/build.sh", "image"], cwd=ROOT, env=environment, stdout=subprocess.PIPE,
                           text=True, timeout=SECONDS, check=True).stdout.strip()
    subprocess.run([sys.executable, "tools/run/record_page.py", "--output", PAGE, image], cwd=ROOT, env=environment,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=SECONDS, check=True)
    say(f"the page of the tour is {PAGE.relative_to(ROOT)}")


def driver():
    """The folder of playwright-core; None if there is none."""
    done = subprocess.run(["sh", "tools/page/npm.sh"], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          text=True, timeout=SECONDS, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def node(modules, browser, executable, *arguments, **streams):
    """Runs node with what tests/pages/launch.mjs reads; returns its exit code."""
    environment = {**os.environ, "BROWSER": browser, "EXECUTABLE": executable, "MODULES": modules, "PAGE": str(PAGE)}
    return subprocess.run(["node", *arguments], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, timeout=SECONDS,
                          check=False, **streams).returncode


def try_in(browser, modules):
    """Whether the page is as it should be in this browser, or that cannot be said here."""
    executable = next(filter(None, map(shutil.which, BROWSERS[browser])), None)
    if executable is None:
        say(f"{browser}: skipped, it is not here")
        return True
    if node(modules, browser, executable, "tests/pages/launch.mjs", stderr=subprocess.DEVNULL) != 0:
        say(f"{browser}: skipped, {executable} does not start")
        return True
    say(f"{browser}: {executable}")
    return node(modules, browser, executable, "--test", "--test-reporter=spec", *TESTS) == 0


def main():
    make_page()
    modules = driver()
    if modules is None:
        say("skipped: npm could not install playwright-core, which drives the browsers")
        return 0
    return 0 if all([try_in(browser, modules) for browser in BROWSERS]) else 1


if __name__ == "__main__":
    sys.exit(main())
