"""What the gdb commands of this folder have in common, and the list of them: `help detour-commands`."""

import gdb

LIST = "detour-commands"

published = []  # the commands, in the order in which they were added


class Command(gdb.Command):
    """A command of gdb, whose help text is the docstring of its class.

    A subclass has a `name`, and run(arguments), which returns the text to print, if any. A GdbError there is the user's
    mistake, or the state of the machine: one line, without a traceback.
    """

    name = ""
    group = gdb.COMMAND_STATUS  # of gdb's own classes of commands
    takes_arguments = False
    takes_expression = False  # all that is typed behind the name is one argument

    def __init__(self):
        super().__init__(self.name, self.group)
        published[:] = [other for other in published if other.name != self.name] + [self]
        List()

    def invoke(self, argument, _from_tty):
        arguments = gdb.string_to_argv(argument)
        if self.takes_expression:
            arguments = [argument] if arguments else []
        elif arguments and not self.takes_arguments:
            raise gdb.GdbError(f"`{self.name}` takes no argument; see `help {self.name}`")
        try:
            gdb.write(self.run(arguments) or "")
        except gdb.error as error:
            raise gdb.GdbError(str(error)) from None

    def summary(self):
        """The first line of the help text that is not about the arguments."""
        lines = [line for line in self.__doc__.splitlines() if line and line.split()[0] != self.name]
        return lines[0]

    def run(self, arguments):
        raise NotImplementedError


class List(gdb.Command):
    """gdb has no class of commands for us. This one stands for it: its help text is made of the first lines of
    theirs."""

    def __init__(self):
        width = max(len(command.name) for command in published)
        self.__doc__ = "What Detour adds to gdb; `help NAME` has more about each.\n\n" + "\n".join(
            f"{command.name:{width}}  {command.summary()}" for command in published)
        super().__init__(LIST, gdb.COMMAND_SUPPORT)

    def invoke(self, _argument, _from_tty):
        gdb.write(self.__doc__ + "\n")
