"""The sources in a recording: gdb lists the lines that were recorded, whatever has happened to the files since.

A copy has the original's absolute path below the recording's folder `sources`; for each folder of originals, a rule
leads gdb from the path that the compiler wrote into the image to the copy.
"""

import pathlib
import shutil

ROOT = pathlib.Path(__file__).resolve().parents[2]
KERNEL = ("arch", "kernel", "system", "include", "user")
KINDS = (".c", ".cc", ".cpp", ".h", ".hpp", ".inc", ".S")


def copy(app, folder):
    """Copies the sources of the kernel and of the program, and returns the folders that they come from."""
    app = pathlib.Path(app).resolve()
    origins = [ROOT / name for name in KERNEL]
    files = [file for origin in origins for file in origin.rglob("*")]
    if app.suffix in KINDS or app.is_dir():
        # Next to a program in one file there may be headers of its own.
        origins.append(app if app.is_dir() else app.parent)
        files += app.rglob("*") if app.is_dir() else [app, *app.parent.glob("*.h"), *app.parent.glob("*.hpp")]
    for file in files:
        if file.suffix in KINDS and file.is_file():
            kept = mirrored(file, folder)
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, kept)  # with its time: gdb warns of a source that is newer than the image
    return [str(origin) for origin in origins]


def mirrored(path, folder):
    """The place in a recording's folder for what is at this absolute path."""
    return folder / "sources" / pathlib.Path(path).relative_to("/")


def gdb_commands(origins, folder):
    """The commands for gdb. It takes the first rule that matches: the longer paths come first."""
    return [f"set substitute-path {origin} {mirrored(origin, folder)}"
            for origin in sorted(origins, key=len, reverse=True)]
