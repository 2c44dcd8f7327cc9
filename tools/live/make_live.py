#!/usr/bin/env python3
"""Makes of an image one page in which the kernel itself runs: build/pages/NAME-live.html.

Usage: make_live.py [--output FILE] IMAGE.elf, with APP and RING in the environment

The page has the viewer of tools/page, v86 from npm, the image without its debug information, what facts.py knows of it,
and the kernel's description of stacks, compiled to WebAssembly. It needs nothing else, neither network nor server.

exit code  meaning
        0  the page is there
        1  a tool is missing, or has failed
       64  usage error
"""

import argparse
import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import facts
import page_image

ROOT = facts.ROOT
VIEWER, LIVE = ROOT / "tools" / "page", ROOT / "tools" / "live"
UNPACKER = LIVE / "files.js"
CUSTOM_SECTION = 0
PAGES = ROOT / "build" / "pages"


def text(path):
    return path.read_text(encoding="utf-8")


def compressed(data):
    """As gzip does it, but smaller."""
    with tempfile.NamedTemporaryFile(prefix="detour-") as file:
        file.write(data)
        file.flush()
        return subprocess.run(["zopfli", "--i5", "-c", file.name], stdout=subprocess.PIPE, check=True).stdout


def packed(name, data):
    """A file of the page, for files.js."""
    return f'<script>file("{name}", "{base64.b64encode(compressed(data)).decode()}")</script>'


def without_names(module):
    """A WebAssembly module without its custom sections, which hold names and debug information."""
    kept, at = bytearray(module[:8]), 8
    while at < len(module):
        begin, size, shift = at, 0, 0
        while True:
            at += 1
            size |= (module[at] & 0x7F) << shift
            shift += 7
            if module[at] < 0x80:
                break
        at += 1 + size
        if module[begin] != CUSTOM_SECTION:
            kept += module[begin:at]
    return bytes(kept)


def modules():
    """The folder in which npm has v86."""
    return ROOT / facts.run("sh", "tools/page/npm.sh").strip()


def files(image, app, ring):
    """The files of the page by name, in the order in which the page begins to unpack them."""
    cross = facts.cross_prefix(image)
    v86 = modules() / "v86"
    stack = facts.run("sh", "tools/live/compile_stack.sh", f"{cross}g++").strip()
    elf = page_image.page_image(cross, image)
    about = json.dumps(facts.facts(image, elf, app, ring), separators=(",", ":"))
    scripts = [*sorted(VIEWER.glob("*.js")), *sorted(set(LIVE.glob("*.js")) - {UNPACKER})]
    return {"v86.wasm": without_names((v86 / "build/v86.wasm").read_bytes()),
            "libv86.js": (v86 / "build/libv86.js").read_bytes(),
            "page.js": "\n".join(map(text, scripts)).encode(), "image.elf": elf,
            "stack.wasm": (ROOT / stack).read_bytes(), "facts.json": about.encode()}


def licences():
    ours = f"---- Detour ----\n\n{text(ROOT / 'LICENSE')}\n"
    return f"{ours}---- v86 ----\n\n{text(modules() / 'v86' / 'LICENSE')}\n{text(LIVE / 'licences.txt')}"


def escaped(content):
    return content.replace("&", "&amp;").replace("<", "&lt;")


def page(content, title):
    """The page with these files."""
    scripts = [f"<script>\n{text(UNPACKER)}</script>", *(packed(*each) for each in content.items())]
    style = text(VIEWER / "viewer.css") + text(LIVE / "page.css")
    live = text(LIVE / "page.html").replace('aria-label="Licences"></pre>',
                                            f'aria-label="Licences">{escaped(licences())}</pre>')
    html = text(VIEWER / "viewer.html")
    for before, after in (
            ('<main id="main">', f'{live}<main id="main">'),
            ('<button id="theme">', '<button id="about-button">About</button><button id="theme">'),
            ("<title>{{TITLE}}", f"<title>{escaped(title)}"),
            ('<script type="application/json"', "\n".join([*scripts, '<script type="application/json"']))):
        assert html.count(before) == 1, f"tools/page/viewer.html has not one {before}"
        html = html.replace(before, after)
    parts = {"STYLE": style, "SCRIPT": "beginPage();", "STORY": ""}
    return re.sub(r"\{\{(STYLE|SCRIPT|STORY)\}\}", lambda match: parts[match[1]], html)


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("image", type=pathlib.Path)
    options = parser.parse_args(arguments)
    app = pathlib.Path(os.environ.get("APP") or "apps/tour").resolve()
    ring = int(os.environ.get("RING") or 0)
    os.chdir(ROOT)
    name = app.stem + ("-ring3" if ring else "")
    target = options.output or PAGES / f"{name}-live.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        content = files(options.image, app, ring)
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"live: {error}", file=sys.stderr)
        return 1
    target.write_text(page(content, app.stem), encoding="utf-8")
    shown = os.path.relpath(target) if ROOT in target.resolve().parents else target
    print(f"live: {shown} ({target.stat().st_size // 1024} KB); open it in a browser", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
