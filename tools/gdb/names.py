"""The names of arguments and locals on a process's stack, as the debug information of its functions has them."""

import gdb

import native
from kernel_data import WORD
from process_view import frames_of

MOST_FRAMES = 200
KINDS = ("own", "argument")  # of native.KINDS: a function's own words, and its arguments


def symbols(frame):
    """The arguments and locals of a frame that are visible at its current instruction."""
    try:
        block = frame.block()
    except RuntimeError:  # assembly
        return
    while block is not None and not block.is_static and not block.is_global:
        yield from (symbol for symbol in block if symbol.needs_frame and (symbol.is_argument or symbol.is_variable))
        if block.function is not None:
            return
        block = block.superblock


def part(name, kind, offset):
    """(the name of what lies at this offset of a variable, the offset where that ends)."""
    kind = kind.strip_typedefs()
    if kind.code == gdb.TYPE_CODE_ARRAY:
        size, length = kind.target().sizeof, kind.sizeof
        index = offset // size
        if size < 4:  # several in a word: the first stands for all
            return f"{name}[{index}]", length
        found, end = part(f"{name}[{index}]", kind.target(), offset - index * size)
        return found, index * size + end
    if kind.code == gdb.TYPE_CODE_STRUCT:
        for field in kind.fields():
            begin = field.bitpos // 8 if hasattr(field, "bitpos") else offset + 1
            if field.name and not field.is_base_class and begin <= offset < begin + field.type.sizeof:
                found, end = part(f"{name}.{field.name}", field.type, offset - begin)
                return found, begin + end
        return None, offset + 1  # padding
    return name, kind.sizeof


def name_words(name, value, found):
    """Adds the names of a variable's words to found: {address: [name]}."""
    address, size, offset = int(value.address) & WORD, value.type.sizeof, 0
    while offset < size:
        text, end = part(name, value.type, offset)
        for at in range((address + offset) & ~3, address + max(end, offset + 1), 4):
            inside = max(at - address, offset)
            names = found.setdefault(at, [])
            text = part(name, value.type, inside)[0]
            if text and text not in names:
                names.append(text)
        offset = max(end, offset + 1)


def names_on(stack):
    """{address of a word: its names}."""
    found = {}
    with frames_of(stack) as frames:
        for _, frame in zip(range(MOST_FRAMES), frames):
            for symbol in symbols(frame):
                try:
                    value = symbol.value(frame)
                    if not value.is_optimized_out and value.address is not None:
                        name_words(symbol.name, value, found)
                except gdb.error:  # the debug information says more than gdb can follow
                    pass
    return {address: ", ".join(names) for address, names in found.items() if names}


def address_in(line):
    """The address of the word that a line of a description is about; None if of none."""
    try:
        return int(line[2:10], 16) if line[10:12] == "  " else None
    except ValueError:
        return None


def named(text, words, names):
    """The description of a stack with names. words: the same as a list; there each word that a line stands for is."""
    names = {address: names[address] for address, _, kind, _ in words
             if native.KINDS[kind] in KINDS and address in names}
    index, lines = {word[0]: i for i, word in enumerate(words)}, []
    for line in text.splitlines():
        address = address_in(line)
        previous = address_in(lines[-2]) if address is not None and len(lines) > 1 else None
        if previous in index and index[address] > index[previous] + 1:
            skipped = words[index[previous] + 1:index[address]]
            same = all(word[1:] == words[index[previous]][1:] for word in skipped)  # lines[-1] is their count
            if same and any(word[0] in names for word in skipped):
                lines[-1:] = [f"  {at:08x}  {value:08x}  {role}" for at, value, _, role in skipped]
        lines.append(line)
    return "".join(f"{line}: {names[address_in(line)]}\n" if address_in(line) in names else f"{line}\n"
                   for line in lines)
