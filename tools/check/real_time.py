"""Costs in real time beside those in instructions: ticks of the host's clock, in units of what an instruction of the
reference loop takes in the same run (apps/bench/reference.c).
"""

import statistics

import costs

REFERENCE = "reference: a loop of loads, stores and sums"


def units_of(counts, runs):
    """{row: units}: the median of some runs, each {row: ticks}. counts is {row: instructions}."""
    units = {}
    for row in counts:
        if row.split(":")[0] not in costs.WITHOUT_TIME:
            units[row] = statistics.median(signed(run[row]) * counts[REFERENCE] / run[REFERENCE] for run in runs)
    return units


def signed(ticks):
    """A difference of 32 bits; the image prints it without sign."""
    return ticks - 2**32 if ticks >= 2**31 else ticks


def lines_of(counts, units):
    """The table for the reader: instructions, units, and how many units an instruction takes."""
    width = max(map(len, units))
    lines = [f"{'Instructions, and real time in those of the reference loop':{width}}"
             f"{'instructions':>14}{'time':>10}{'ratio':>8}"]
    for group in (*costs.GROUPS, costs.SINGLE):
        inside = [row for row in units if row.startswith(group + ": ")]
        lines += ["", group] if inside else []
        lines += [f"  {row[len(group) + 2:]:{width - 2}}{counts[row]:>14}{units[row]:>10.0f}"
                  f"{units[row] / counts[row]:>8.1f}" for row in inside]
    return lines
