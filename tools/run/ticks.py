"""Which clock ticks the kernel lost in a run: the timer's pulses, as QEMU's interrupt controller sees them, beside the
ticks that clkhandler() counted.

The controller notes one pulse while interrupts are masked; of several, all but one are lost. QEMU's log has each pulse
and, from its plugin count_plugin/masked.cpp, each tick and the end of each long stretch with interrupts masked: a
stretch of less than the timer's period loses none. So a lost tick belongs to the stretch that ends next.
"""

import collections

VECTOR_IRQ_BASE = 32  # arch/x86/entry/pic.h
IRQS = 16
PERIOD = 999_848  # nanoseconds: 1193 periods of 1.193182 MHz (arch/x86/device/pit.cpp)
NANOSECONDS = 8  # an instruction takes, in emulator.CLOCKS["deterministic"]
TRACED = ("-d", "plugin", "-trace", "pic_set_irq", "-trace", "pic_interrupt")
PULSE, NO_PULSE = "pic_set_irq master 1 irq 0 level 1", "pic_set_irq master 1 irq 0 level 0"
TAKEN = f"pic_interrupt irq 0 intno {VECTOR_IRQ_BASE}"
BOOT = "boot, before interrupts are first enabled"


def arguments(image, seed):
    """The plugin's: where IRQs enter the kernel of this image, and where it starts and counts the clock."""
    vectors = range(VECTOR_IRQ_BASE + 1, VECTOR_IRQ_BASE + IRQS)
    clock = image.symbols["clkdisp_jittered" if seed else "clkdisp"]
    entries = [clock, *(image.word(image.symbols["interrupt_entry_table"] + 4 * vector) for vector in vectors)]
    return {"entries": joined(entries), "software": joined(image.software_interrupts(VECTOR_IRQ_BASE)),
            "start": f"{image.bounds('arch::pit_initialize')[0]:x}", "tick": f"{image.symbols['clkhandler']:x}",
            "long": PERIOD // NANOSECONDS}


def joined(addresses):
    return ":".join(f"{address:x}" for address in addresses)


def lost(log, place):
    """(ticks counted, {where: ticks lost}) of the lines of a log; place(address) names where a stretch begins.

    What is lost on the way to power-off or panic does not count.
    """
    losses, missed, counted = collections.Counter(), 0, 0
    runs = booted = high = pending = False
    for line in map(str.strip, log):
        if line == PULSE and not high:
            high = True
            missed += pending and runs
            pending = True
        elif line == NO_PULSE:
            high = False
        elif line == "clock":
            runs, pending = True, False
        elif line == TAKEN:
            pending = False
            if not booted:  # a later stretch may end here, too; its line comes next
                losses[BOOT], missed, booted = missed, 0, True
        elif line == "tick":
            counted += 1
        elif line.startswith("stretch "):
            losses[place(int(line.split()[1], 16))] += missed
            missed = 0
    return counted, +losses
