"""Where processes wait: the ready queue, the sleep queue and the semaphores, read out of the kernel's own structures.

Each reader returns (what it found, what is wrong), the second a list of sentences. The structures may be damaged, or in
the middle of a change: so each process is visited once at most, and no number is used as an index unchecked.
"""

import collections

import kernel_data

Ready = collections.namedtuple("Ready", "pid priority")
Sleeper = collections.namedtuple("Sleeper", "pid wake")
Semaphore = collections.namedtuple("Semaphore", "number count waiting")


def links():
    """For each process, the next one in its list and the previous one: see kernel/base/process_list.hpp."""
    numbers = kernel_data.Array(kernel_data.variable("detour::process_links")).numbers(2)
    return list(zip(numbers[::2], numbers[1::2]))


def walk(table, head, what):
    """The processes of the list that begins with head, and what is wrong with it."""
    pids, seen, at, before = [], set(), head, table[head][1] if head < len(table) else 0
    while True:
        if not 0 < at < len(table):
            return pids, [f"{what} goes on to process {at}, which cannot be" if pids
                          else f"{what} begins with process {at}, which cannot be"]
        pids.append(at)
        seen.add(at)
        following, previous = table[at]
        if previous != before:
            return pids, [f"{what} is broken: process {at} is behind {before}, but links back to {previous}"]
        if following == head:
            last = table[head][1]
            return pids, [] if last == at else [f"{what} ends with process {at}, but its first links back to {last}"]
        if following in seen:
            return pids, [f"{what} runs in a circle: behind process {at} it comes to {following} again"]
        before, at = at, following


def ready():
    """The processes in the ready queue, the running one among them, in the order in which they will run."""
    queue = kernel_data.variable("detour::ready_queue")
    heads = kernel_data.Array(queue["lists_"]).numbers(2)
    marks = kernel_data.Array(queue["priority_of_"]).numbers(2)
    table, found, wrong = links(), [], []
    known = set(members(queue["priorities_"]))
    for priority in range(len(heads) - 1, -1, -1):
        head = heads[priority]
        if (head != 0) != (priority in known):
            holds = f"begins with process {head}, but" if head else "is empty, but"
            mark = "is" if priority in known else "is not"
            wrong.append(f"the list of priority {priority} {holds} {mark} marked in the bitmap")
        if head:
            pids, trouble = walk(table, head, f"the list of priority {priority}")
            found += [Ready(pid, priority) for pid in pids]
            wrong += trouble
    twice = duplicates([entry.pid for entry in found])
    wrong += [f"process {pid} is in the list of priority {priority}, but the queue has it at {marks[pid]}"
              for pid, priority in found if marks[pid] != priority]
    return found, wrong + [f"process {pid} is in the ready queue twice" for pid in twice]


def members(index):
    """The keys in a BitmapIndex: those that have their bit in all three levels."""
    def bits(word):
        return [bit for bit in range(32) if word >> bit & 1]

    middle, leaf = kernel_data.Array(index["middle_"]).numbers(4), kernel_data.Array(index["leaf_"]).numbers(4)
    words = [32 * top + bit for top in bits(int(index["root_"])) for bit in bits(middle[top])]
    return [32 * word + bit for word in words for bit in bits(leaf[word])]


def duplicates(pids):
    return sorted(pid for pid, count in collections.Counter(pids).items() if count > 1)


def sleepers():
    """The processes in the sleep queue, in the order in which they will wake."""
    queue = kernel_data.variable("detour::sleep_queue")
    heap, slots = kernel_data.Array(queue["heap_"]).numbers(4), kernel_data.Array(queue["slot_"]).numbers(2)
    wakes, heap = heap[::2], heap[1::2]  # each slot holds the wake time and the process
    tickets = kernel_data.Array(queue["ticket_"]).numbers(8)
    size, wrong, now = int(queue["size_"]), [], kernel_data.uptime()
    if size >= len(heap):
        return [], [f"the sleep queue claims to hold {size} processes, and has room for {len(heap) - 1}"]
    valid, key = [], {}
    for slot in range(1, size + 1):
        pid = heap[slot]
        if not 0 < pid < len(slots):
            wrong.append(f"slot {slot} of the sleep queue holds process {pid}, which cannot be")
        elif slots[pid] != slot:
            wrong.append(f"slot {slot} of the sleep queue holds process {pid}, which is noted in slot {slots[pid]}")
        else:
            valid.append(Sleeper(pid, wakes[slot]))
            key[pid] = (kernel_data.signed(wakes[slot] - now), tickets[pid])  # the clock may wrap
            parent = heap[(slot + 2) // 4]
            if slot > 1 and parent in key and key[parent] > key[pid]:
                wrong.append(f"the sleep queue is out of order: process {pid} is below {parent}, which wakes later")
    return sorted(valid, key=lambda sleeper: key[sleeper.pid]), wrong


# What the kernel's own semaphores, which follow those of the processes, are for: kernel/process/semaphore.hpp.
OWN_SEMAPHORES = ("typed input", "room for output", "the disk", "the files")


def semaphores():
    """The semaphores in use, each with the processes that wait, in order of arrival. The kernel's own come last."""
    heads = kernel_data.Array(kernel_data.variable("detour::semaphore_queues")).numbers(2)
    entries = kernel_data.Array(kernel_data.variable("semtab"), len(heads))
    table, found, wrong = links(), [], []
    first_own = len(heads) - len(OWN_SEMAPHORES)
    for number, head in enumerate(heads):
        used, count = int(entries[number]["sstate"]), int(entries[number]["scount"])
        pids, trouble = walk(table, head, f"the queue of semaphore {number}") if head else ([], [])
        wrong += trouble
        if not used and not pids and (number < first_own or count == 0):
            continue
        found.append(Semaphore(number, count, pids))
        if not used and number < first_own:
            wrong.append(f"semaphore {number} is free, but processes wait for it")
        if len(pids) != max(0, -count):
            wrong.append(f"semaphore {number} has count {count}, but {len(pids)} processes wait for it")
    return found, wrong
