"""Read by gdb before it writes a story: adds to each step what kstack says at that moment."""

import film
import story


def snap(self, mark=None, inherited=film.Film.snap):
    step = inherited(self, mark)
    step["kstack"] = self.stack().words()
    return step


def packed(self, step, now, before, inherited=story.Packer.step):
    return inherited(self, step, now, before) | {"kstack": step["kstack"]}


film.Film.snap, story.Packer.step = snap, packed
