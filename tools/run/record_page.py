#!/usr/bin/env python3
"""Records a run and makes of it one page, in which one sees each detour: build/pages/NAME.html.

Usage: record_page.py [options of run.py] [--output FILE] [--story FILE] [--script FILE] IMAGE
       record_page.py --recording NUMBER [--output FILE] ...

The page needs nothing else, neither network nor server. --recording takes a recording that is there; --output names
another file for the page; --story writes the story, of which the page is made, also to this file; --script has gdb read
this file first. docs/pictures.md tells what the page shows, and the story's format.

exit code  meaning
        0  the page is there
       14  the emulator or gdb is missing, or cannot replay the run
       64  usage error
      130  interrupted
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import emulator
import gdb_port
import gdb_session
import kept_sources
import record
import recording as recordings
import rewind
import run
import survey

ROOT = pathlib.Path(__file__).resolve().parents[2]
VIEWER = ROOT / "tools" / "page"
PAGES = ROOT / "build" / "pages"
SECONDS = 600  # no story takes this long


def parse(arguments):
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--recording", type=int)
    for option in ("--output", "--story", "--script"):
        parser.add_argument(option, type=pathlib.Path)
    ours, rest = parser.parse_known_args(arguments)
    if ours.recording is not None:
        return ours, None
    return ours, run.parse(["--deterministic", *rest] if "--interactive" not in rest else rest)


def recorded(options):
    """A recording of this run, made now."""
    folder = recordings.new_folder(options.image)
    made = record.begin(options, folder)
    record.record(made, options)
    recordings.drop_old(folder)
    survey.complete(made)
    return made


def title_of(recording):
    """The program, as its user names it."""
    app = pathlib.Path(recording.app)
    return os.path.relpath(app, ROOT) if ROOT in app.parents else app.name


def about(recording):
    """What the story says of the recording as a whole."""
    console = recording.path("console.txt").read_bytes().decode("latin-1")
    return {"title": title_of(recording), "ring": int(recording.ring), "ended": recording.ended,
            "clock": recording.clock, "recording": int(recording.folder.name.partition("-")[0]), "console": console}


def tell(recording, path, script=None):
    """Replays the recording in gdb, which reads the script and writes the story to this file."""
    with tempfile.TemporaryDirectory(prefix="detour-") as folder:
        facts = pathlib.Path(folder, "facts.json")
        facts.write_text(json.dumps(about(recording)), encoding="utf-8")
        console = pathlib.Path(folder, "console.txt")

        def work():
            return recordings.start_replay(recording, console=f"file:{console}", gdb=gdb_port.GdbPort())
        with recordings.repeated(work) as replay:
            monitor = replay.monitor.socket.fileno()
            commands = [
                *kept_sources.gdb_commands(recording.sources, recording.folder),
                f"python import sys; sys.path[:0] = [{os.path.dirname(os.path.abspath(__file__))!r}]",
                f"python import travel; travel.begin({replay.gdb.number}, {monitor}, {recording.end}, "
                f"{recording.ended!r})",
                *([f"source {script}"] if script else []),
                f"python import json, story; story.write({str(path)!r}, {str(console)!r}, "
                f"json.load(open({str(facts)!r})), {recording.sources!r}, {str(recording.folder)!r})"]
            code = gdb_session.run_gdb(recording.path("kernel.elf"), ["-batch"], commands, SECONDS,
                                       pass_fds=(monitor,), stdout=subprocess.DEVNULL)
    if code != 0 or not path.is_file():
        raise emulator.EmulatorError(f"gdb has not written the story; its exit code is {code}")


def page(story):
    """The page: the viewer's files and the story in one text."""
    parts = {"STYLE": (VIEWER / "viewer.css").read_text(encoding="utf-8"),
             "SCRIPT": "\n".join(file.read_text(encoding="utf-8") for file in sorted(VIEWER.glob("*.js"))),
             "STORY": story.replace("</", "<\\/")}
    html = (VIEWER / "viewer.html").read_text(encoding="utf-8")
    title = json.loads(story)["title"].replace("&", "&amp;").replace("<", "&lt;")
    html = html.replace("{{TITLE}}", title)
    return re.sub(r"\{\{(STYLE|SCRIPT|STORY)\}\}", lambda match: parts[match[1]], html)


def make(ours, options):
    """Returns the path of the page."""
    if ours.recording is not None:
        recording = survey.ready(recordings.with_number(ours.recording))
    else:
        recording = recorded(options)
    name = re.sub(r"-\d+(-ring3)?$", r"\1", recording.folder.name.partition("-")[2])
    target = ours.output or PAGES / f"{name}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="detour-") as folder:
        path = ours.story or pathlib.Path(folder, "story.json")
        tell(recording, path, ours.script)
        target.write_text(page(path.read_text(encoding="utf-8")), encoding="utf-8")
    return target


def main(arguments):
    ours, options = parse(arguments)
    gdb_session.end_on_signals()

    def write_page():
        target = make(ours, options)
        print(f"page: {recordings.shown(target)} ({target.stat().st_size // 1024} KB); open it in a browser",
              file=sys.stderr)
        return 0

    return run.guarded(write_page, recordings.RecordingError)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
