"""What stories of different kinds have in common: how a process enters the kernel, is switched out, and in again."""

import gdb

from kernel_data import register, symbol_address, word

INTO_HANDLER = 4  # an interrupt is no instruction: the way into its handler takes a stepi more, or not


def tell_entry(film, moment):
    """From the last instruction before an interrupt or a system call to the first one of its handler."""
    handlers = [symbol_address(name) for name in ("clkdisp", "system_call_entry", "sysenter_entry")]
    film.seek(moment, back=1)
    for _ in range(INTO_HANDLER):
        film.snap(moment.what)
        gdb.execute("stepi", to_string=True)
        if register("eip") in handlers:
            return
        film.steps.pop()
    raise gdb.GdbError("the interrupt was not found again")


def tell_saving(film):
    """From here to ctxsw, and through it until the process is switched out."""
    film.go_to(symbol_address("ctxsw"), pid=None)
    tell_saved(film)


def tell_saved(film):
    """Through ctxsw, until the process is switched out."""
    resumption = word(symbol_address("ctxsw_resumption"))
    film.snap("saving")
    gdb.execute("stepi", to_string=True)
    film.until(lambda: register("eip") == resumption)
    film.snap("away")


def tell_resumption(film, switch, mark):
    """ctxsw has just loaded this process's stack pointer, at this switch."""
    film.seek(switch)
    film.go_to(word(symbol_address("ctxsw_resumption")))
    film.snap(mark)
    gdb.execute("stepi", to_string=True)
