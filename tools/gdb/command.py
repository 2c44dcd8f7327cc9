"""What the gdb commands of this folder have in common."""

import gdb


class Command(gdb.Command):
    """A command of gdb, whose help text is the docstring of its class.

    A subclass has a `name`, and run(arguments), which answers the text to print. A GdbError there is the user's mistake, or
    the state of the machine: one line, without a traceback.
    """

    name = ""
    takes_arguments = False

    def __init__(self):
        super().__init__(self.name, gdb.COMMAND_STATUS)

    def invoke(self, argument, _from_tty):
        arguments = gdb.string_to_argv(argument)
        if arguments and not self.takes_arguments:
            raise gdb.GdbError(f"`{self.name}` takes no argument; see `help {self.name}`")
        try:
            gdb.write(self.run(arguments))
        except gdb.error as error:
            raise gdb.GdbError(str(error)) from None

    def run(self, arguments):
        raise NotImplementedError
