"""The questions of `kstack --quiz`: what is this word?"""

import gdb

import native

QUESTIONS = 10
ANSWERS = (  # (the letter, the kinds of native.KINDS that it names, what it stands for)
    ("a", ("argument",), "an argument"),
    ("o", ("own",), "a function's own word: a local, or scratch"),
    ("r", ("return", "first"), "a return address"),
    ("s", ("saved",), "a register that a function has saved for its caller"),
    ("i", ("frame",), "of the frame of an interrupt or a system call"),
    ("d", ("planted", "claimed", "second"), "of a detour: planted, claimed, or its second frame"),
    ("m", ("magic",), "the mark at the end of the stack"))


def letter_of(kind):
    """The right answer for a word of this kind; None for those that are not asked."""
    return next((letter for letter, kinds, _ in ANSWERS if native.KINDS[kind] in kinds), None)


def chosen(words):
    """The words to ask about: of each kind in turn, from the top of the stack down."""
    groups = {}
    for word in words:
        if letter := letter_of(word[2]):
            groups.setdefault(letter, []).append(word)
    turns = [(number, word) for group in groups.values() for number, word in enumerate(group)]
    return sorted(word for _, word in sorted(turns, key=lambda turn: turn[0])[:QUESTIONS])


def hidden(text, words):
    """The description of a stack without what its words are."""
    starts = tuple(f"  {address:08x}  {value:08x}  " for address, value, _, _ in words)
    lines = [f"{line[:20]}  ?" if line.startswith(starts) else line for line in text.splitlines()]
    return "\n".join(lines) + "\n"


def ask(stack):
    """Asks, and marks; returns the last line."""
    words = stack.word_list()
    asked, right = chosen(words), 0
    gdb.write(f"{stack.title()}\n{hidden(stack.words(), words)}\nWhat is each word?\n")
    gdb.write("".join(f"  {letter}  {text}\n" for letter, _, text in ANSWERS) + "  (Enter ends the quiz.)\n")
    for number, (address, value, kind, role) in enumerate(asked):
        gdb.flush()
        try:
            answer = input(f"{number + 1}/{len(asked)}  {address:08x}  {value:08x}: ").strip().lower()[:1]
        except EOFError:
            answer = ""
        if not answer:
            return f"{right} of {number} right; `kstack {stack.pid}` has all the answers\n"
        good = answer == letter_of(kind)
        right += good
        gdb.write(f"{'right' if good else f'no, {letter_of(kind)}'}: {role}\n")
    return f"{right} of {len(asked)} right\n"
