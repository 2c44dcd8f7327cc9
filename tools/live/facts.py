"""What a live page has to know of an image, besides the image itself: addresses, instructions in text, sources, and the
words of the stories, which are those of tools/gdb.
"""

import ast
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
CROSS = re.compile(r"^DETOUR_CROSS:\w+=(.*)$", re.MULTILINE)
NAME = re.compile(r"^([0-9a-f]{8}) (?:([0-9a-f]{8}) )?\w (.*)$")
SYMBOLS = """_start proctab prcount currpid clkcountermsec ctxsw ctxsw_resumption clkdisp cbfmanager cbfreturn sleepms
    userret system_call_entry sysenter_entry exit_stack exit_stack_top code_tables code_tables_end irq_entry
    detour::message_arrived detour::arch::redirect_user detour::user_registers detour::user_spaces
    user_return kernel.library_text
    kernel.library_etext kernel.app_text kernel.etext""".split()
FUNCTION = re.compile(r"^[0-9a-f]{8} <(.*)>:$")
INSTRUCTION = re.compile(r"^ +([0-9a-f]+):\t(.*)$")
# As the assembler spells them, and so the sources; the same as in tools/gdb/film.py.
SPELLED = {"pusha": "pushal", "popa": "popal", "pushf": "pushfl", "popf": "popfl"}


def cross_prefix(image):
    """The prefix of the cross tools that the image's tree was configured with."""
    tree = next(folder for folder in image.resolve().parents if (folder / "CMakeCache.txt").exists())
    return CROSS.search((tree / "CMakeCache.txt").read_text(encoding="utf-8"))[1]


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def constant(path, name):
    """A constant of one of the modules of tools/gdb, which can be imported only in gdb."""
    for statement in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == name:
            value = statement.value
            if isinstance(value, ast.Call):  # "...".split()
                return ast.literal_eval(value.func.value).split()
            return ast.literal_eval(value)
    raise KeyError(f"{path} has no {name}")


def spelled(text):
    """An instruction as gdb's stories spell it, with the symbol of a call or jump in place of its number."""
    text, _, symbol = " ".join(text.split()).partition(" <")
    name, _, operands = text.partition(" ")
    if symbol and "," not in operands and not operands.startswith("*"):
        operands = symbol[:-1].split("(")[0]
    return f"{SPELLED.get(name, name)} {operands}".strip()


def instructions(cross, image):
    """All of the section .text: its first address, a letter for each length ('a': 1 byte), and the texts. Those of the
    library's functions, which no story steps through, are empty."""
    names = symbols(cross, image)[0]
    library = range(names["kernel.library_text"], names["kernel.library_etext"])
    addresses, texts = [], []
    for line in run(f"{cross}objdump", "-d", "-C", "--no-show-raw-insn", "-j", ".text", image).splitlines():
        if match := INSTRUCTION.match(line):
            addresses.append(int(match[1], 16))
            texts.append("" if addresses[-1] in library else spelled(match[2].split("#")[0]))
    sizes = run(f"{cross}objdump", "-h", "-j", ".text", image)
    size, first = (int(number, 16) for number in re.search(r"\.text +([0-9a-f]+) +([0-9a-f]+)", sizes).groups())
    end = first + size
    lengths = [after - address for address, after in zip(addresses, [*addresses[1:], end])]
    return {"first": addresses[0], "lengths": "".join(chr(96 + min(length, 26)) for length in lengths),
            "texts": "\n".join(texts)}


def all_symbols(cross, image):
    """(address, size) of each symbol of the image."""
    found = {}
    for line in run(f"{cross}nm", "-C", "-S", image).splitlines():
        if match := NAME.match(line):
            found.setdefault(match[3].split("(")[0], (int(match[1], 16), int(match[2] or "0", 16)))
    return found


def symbols(cross, image):
    """The addresses of SYMBOLS, as far as the image has them, and their sizes."""
    found = all_symbols(cross, image)
    return [{name: found[name][part] for name in SYMBOLS if name in found} for part in (0, 1)]


def sources(app, elf):
    """The texts of the files that a story may lead through, by the names that the code tables have. Those that no table
    in this ELF file names have no instruction in it."""
    folders = [ROOT / name for name in ("arch/x86/entry", "arch/x86/include/machine", "kernel/base", "kernel/sched",
                                        "kernel/detour", "kernel/process", "kernel/user", "system", "system/ring3",
                                        "user/lib")]
    app = sorted(app.iterdir()) if app.is_dir() else [app]
    files = {}
    for path in (*app, *(path for folder in folders for path in sorted(folder.iterdir()))):
        if path.suffix in (".S", ".c", ".cc", ".cpp", ".hpp", ".inc"):
            name = os.path.relpath(path, ROOT) if ROOT in path.parents else path.name
            if name.encode() + b"\0" in elf:
                files[name] = path.read_text(encoding="utf-8", errors="replace")
    return files


def facts(image, elf, app, ring):
    """All of them, for JSON. elf: the image as the page has it."""
    cross = cross_prefix(image)
    addresses, sizes = symbols(cross, image)
    title = os.path.relpath(app, ROOT) if ROOT in app.parents else app.name
    return {"title": title, "ring": ring, "symbols": addresses, "sizes": sizes,
            "code": instructions(cross, image), "chapters": constant("tools/gdb/chapters.py", "TEXTS"),
            "kinds": constant("tools/gdb/native.py", "KINDS"),
            "registers": constant("tools/gdb/native.py", "REGISTERS"),
            "states": constant("tools/gdb/kernel_data.py", "STATES"), "sources": sources(app, elf)}
