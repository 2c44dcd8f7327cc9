"""Draws the growth of costs over the number of processes as SVG: both axes logarithmic, the same bytes for the same
counts. The colours are readable on a light and on a dark page."""

import math
import re

# Instructions of Xinu x86 at -O2, measured in the same way, by number of processes or of blocks.
XINU_SWITCH = {2: 150, 900: 3791}
XINU_SLEEP = {10: 152, 90: 952, 900: 9052}  # the insertion into the queue alone
XINU_MEMORY = {1: 124, 1000: 16132}

# File: title, the horizontal axis, our row of NPROC 16384 with # for the number, what a row without a number is, Xinu's
# points.
PLOTS = {
    "costs-switch.svg": ("switch (yield)", "processes ready", "switch: yield, # processes ready", None, XINU_SWITCH),
    "costs-sleep.svg": ("sleepms() to the next process", "others asleep",
                        "sleep: sleepms to the next process, # others asleep", None, XINU_SLEEP),
    "costs-memory.svg": ("getmem() and freemem() of 64 bytes", "fragments",
                         "memory: getmem and freemem of 64 bytes, # fragments",
                         "memory: getmem and freemem of 64 bytes, next to another", XINU_MEMORY),
}

LEFT, TOP, WIDTH, HEIGHT = 70, 44, 500, 240  # of the plotted area, in pixels
DECADES_X, LOW, HIGH = 4, 1, 5  # 1 to 10,000 processes; 10 to 100,000 instructions
OURS, XINUS = "#2f81f7", "#d9730d"
STYLE = "text{font:13px sans-serif;fill:#7d8590}.grid{stroke:#7d8590;stroke-opacity:.35}"


def place(n, count):
    """Where a count for n processes is; that for none is where the axis begins."""
    x = LEFT + WIDTH * math.log10(max(n, 1)) / DECADES_X
    y = TOP + HEIGHT * (HIGH - math.log10(count)) / (HIGH - LOW)
    return round(x, 1), round(min(y, TOP + HEIGHT), 1)


def series(counts, pattern, single):
    """{n: count} of the rows that the pattern describes."""
    expression = re.compile(re.escape(pattern).replace(r"\#", r"(\d+)") + "$")
    matches = ((expression.match(row), count) for row, count in counts.items())
    points = {int(match[1]): count for match, count in matches if match}
    if single in counts:
        points[1] = counts[single]
    return dict(sorted(points.items()))


def grid(axis):
    lines = []
    for decade in range(DECADES_X + 1):
        x, _ = place(10**decade, 10**LOW)
        lines += [f'<path class="grid" d="M{x} {TOP}V{TOP + HEIGHT}"/>',
                  f'<text x="{x}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{10**decade:,}</text>']
    for decade in range(LOW, HIGH + 1):
        _, y = place(1, 10**decade)
        lines += [f'<path class="grid" d="M{LEFT} {y}H{LEFT + WIDTH}"/>',
                  f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10**decade:,}</text>']
    return lines + [f'<text x="{LEFT + WIDTH / 2}" y="{TOP + HEIGHT + 38}" text-anchor="middle">{axis}</text>']


def curve(points, others, colour, name, dash, below):
    """The line, its dots with their counts, and the name beside the last one. A count is below its dot if `below`, or,
    where the other curve has a dot for the same number, if it is the smaller one."""
    places = [place(*point) for point in points.items()]
    lines = [f'<path d="M{" L".join(f"{x} {y}" for x, y in places)}" fill="none" stroke="{colour}" stroke-width="2"'
             f'{dash}/>']
    for (x, y), (n, count) in zip(places, points.items()):
        under = count < others[n] if n in others else below
        lines += [f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"/>',
                  f'<text x="{x}" y="{y + (18 if under else -9):.1f}" text-anchor="middle" '
                  f'style="fill:{colour}">{count:,}</text>']
    x, y = places[-1]
    return lines + [f'<text x="{x + 10:.1f}" y="{y + 4:.1f}" style="fill:{colour};font-weight:bold">{name}</text>']


def plot(title, axis, ours, xinus):
    width, height = LEFT + WIDTH + 80, TOP + HEIGHT + 50
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img">',
        f"<title>{title}: instructions over {axis}</title>", f"<style>{STYLE}</style>",
        f'<text x="{LEFT}" y="22" style="font-weight:bold">{title}, instructions</text>', *grid(axis),
        *curve(xinus, ours, XINUS, "Xinu", ' stroke-dasharray="5 5"', False),
        *curve(ours, xinus, OURS, "Detour", "", True), "</svg>", ""])


def plots(table):
    """{file name: text} of a table of costs."""
    counts = table["counts"]["16384"]
    return {name: plot(title, axis, series(counts, pattern, single), xinus)
            for name, (title, axis, pattern, single, xinus) in PLOTS.items()}
