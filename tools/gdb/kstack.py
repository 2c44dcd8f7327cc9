"""`kstack`: the stacks of any process, word by word."""

import gdb

from command import Command
from kernel_data import WORD, parse_pid, require_booted
from names import named, names_on
from quiz import ask
from stack import Stack, running_pid


class KStack(Command):
    """kstack [PID [WORDS]]
kstack --quiz [PID]
Print every word of a process's stack from ESP up: address, value, what it is.

Without PID: of the process that is running. A process may run, or be switched out at any place.
With WORDS: at most so many of each stack.
Of a ring-3 process both stacks are shown, that of the kernel first.
What a word is, is found out from the call frame information of compiler and assembly. The same is printed
by stackshow(PID) in the kernel; see kernel/unwind/stack_words.hpp. Here the names of arguments and locals
are added, as far as the debug information has them in memory.

With --quiz: show only addresses and values, ask what ten of the words are, and mark the answers."""

    name = "kstack"
    takes_arguments = True

    def run(self, arguments):
        if arguments[:1] == ["--quiz"]:
            return self.quiz(arguments[1:])
        if len(arguments) > 2 or (len(arguments) == 2 and not arguments[1].isdigit()):
            raise gdb.GdbError("kstack takes a process id and a number of words; see `help kstack`")
        require_booted()
        stack = Stack(parse_pid(arguments[0]) if arguments else running_pid())
        most = min(int(arguments[1]), WORD) if len(arguments) == 2 else WORD
        return f"{stack.title()}\n{described(stack, most)}"

    @staticmethod
    def quiz(arguments):
        if len(arguments) > 1:
            raise gdb.GdbError("kstack --quiz takes a process id; see `help kstack`")
        require_booted()
        return ask(Stack(parse_pid(arguments[0]) if arguments else running_pid()))


def described(stack, most=WORD):
    """The words as lines, with the names that gdb has."""
    text = stack.words(most)
    try:
        names = names_on(stack)
    except (gdb.error, gdb.GdbError):  # a damaged stack
        return text
    return named(text, stack.word_list(), names) if names else text


KStack()
