"""tools/run/thread_proxy.py: how often QEMU is asked, and that no answer is out of date. This QEMU is a few lines."""

import pathlib
import socket
import struct
import sys
import threading
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "run"))

import gdb_packets  # noqa: E402
import process_threads  # noqa: E402
import thread_proxy  # noqa: E402

NPROC, ENTRY, PROCTAB, PRCOUNT, CURRPID, USER = 100, 32, 0x1000, 0x2000, 0x2004, 0x3000
LAYOUT = {
    "proctab": PROCTAB, "entry_size": ENTRY, "nproc": NPROC, "prcount": PRCOUNT, "currpid": CURRPID,
    "fields": {"prstate": [0, 2], "prstkptr": [4, 4], "prstkbase": [8, 4], "prstklen": [12, 4], "prname": [16, 16],
               "directory": [0, 4], "fs": [4, 2], "gs": [6, 2]},
    "states": ["free", "current", "ready"], "resumption": 0x100, "user_registers": USER, "user_size": 12,
    "user": [0x40000000, 0xC0000000],
}
REGISTERS = b"00" * 308


def connected():
    """Both ends of a connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return socket.create_connection(server.getsockname()), server.accept()[0]


class Qemu:
    """A machine with processes 0 and 3, which runs for no time at all."""

    def __init__(self, connection):
        self.link, self.asked, self.memory = gdb_packets.PacketLink(connection), [], bytearray(0x4000)
        self.memory[PRCOUNT:PRCOUNT + 8] = struct.pack("<II", 2, 0)
        for pid, state, name in ((0, 1, b"prnull"), (3, 2, b"sleeper")):
            at = PROCTAB + pid * ENTRY
            self.memory[at:at + ENTRY] = struct.pack("<HxxIII16s", state, 0x3F00, 0x3FFC, 4096, name)

    def serve(self):
        try:
            while True:
                for packet in self.link.receive():
                    self.asked.append(packet)
                    self.link.send(self.reply(packet))
        except EOFError:
            pass

    def reply(self, packet):
        if packet == b"g":
            return REGISTERS
        if packet[:1] in (b"m", b"M"):
            place, _, data = packet[1:].partition(b":")
            address, count = thread_proxy.hexadecimal(place)
            if packet[:1] == b"m":
                return self.memory[address:address + count].hex().encode()
            self.memory[address:address + count] = bytes.fromhex(data.decode())
            return b"OK"
        return b"T05thread:01;" if packet.startswith(b"vCont") else b"OK"


class Proxy(unittest.TestCase):
    def setUp(self):
        gdb, proxy_gdb = connected()
        proxy_qemu, qemu = connected()
        self.gdb, self.qemu = gdb_packets.PacketLink(gdb), Qemu(qemu)
        connection = self.connection = thread_proxy.Connection(proxy_gdb, proxy_qemu, LAYOUT)
        threads = [threading.Thread(target=each.serve) for each in (self.qemu, connection)]
        for thread in threads:
            thread.start()

        def end():
            gdb.close()
            threads[1].join(10)
            proxy_qemu.close()
            threads[0].join(10)
            for each in (proxy_gdb, qemu):
                each.close()
        self.addCleanup(end)

    def say(self, packet):
        """The answer to a packet of gdb."""
        self.gdb.send(packet)
        while True:
            for answer in self.gdb.receive():
                return answer

    def asked(self, *packets):
        """What QEMU is asked for these packets."""
        self.qemu.asked.clear()
        for packet in packets:
            self.say(packet)
        return list(self.qemu.asked)

    def list(self):
        return self.say(b"qXfer:threads:read::0,1000")

    def test_the_table_is_read_once_in_a_stop(self):
        table = self.connection.table
        table.processes = mock.Mock(wraps=table.processes)
        first = self.asked(b"g", b"qXfer:threads:read::0,1000")
        self.assertEqual(first.count(b"g"), 1)
        self.assertLess(len(first), 6)
        more = [b"T3eb", b"Hg3eb", b"g", b"m2000,4", b"m2004,4", b"g", b"Hg1", b"g", b"qXfer:threads:read::0,1000"]
        self.assertLess(len(self.asked(*more)), 3)  # its page directory is left
        table.processes.assert_called_once()

    def test_what_gdb_writes_is_seen(self):
        self.assertIn(b"process 3, ready", self.list())
        self.assertEqual(self.say(b"M1060,2:0100"), b"OK")
        self.assertIn(b"process 3, current", self.list())
        self.say(b"Hg3eb")
        self.assertEqual(self.say(b"M1060,2:0200"), b"OK")
        self.assertIn(b"process 3, ready", self.list())
        self.assertEqual(self.say(b"m1060,2"), b"0200")

    def test_what_the_machine_and_its_monitor_change_is_seen(self):
        for packet in b"vCont;c", b"qRcmd,73746f70":
            self.assertIn(b"process 3, ready", self.list())
            self.qemu.memory[PROCTAB + 3 * ENTRY] = 1
            self.assertIn(b"process 3, ready", self.list())
            self.say(packet)
            self.assertIn(b"process 3, current", self.list())
            self.qemu.memory[PROCTAB + 3 * ENTRY] = 2
            self.say(b"vCont;c")

    def test_no_more_is_kept_than_is_useful(self):
        with mock.patch.object(thread_proxy, "KEPT", 20):
            self.assertEqual(len(self.asked(*(b"m%x,4" % (4 * word) for word in range(50)))), 50)
            self.assertLessEqual(len(self.connection.replies), 20)
            self.assertEqual(self.asked(b"mc4,4", b"mc4,4", b"m0,4"), [b"m0,4"])

    def test_acknowledgements_end_when_gdb_asks_for_it(self):
        self.assertIn(b"QStartNoAckMode+", self.say(b"qSupported:xmlRegisters=i386"))
        self.assertEqual(self.say(b"QStartNoAckMode"), b"OK")
        self.gdb.acknowledges = False
        self.gdb.send(b"m2000,4")
        self.assertEqual(self.gdb.socket.recv(100), b"$02000000#82")


class Layout(unittest.TestCase):
    def test_without_a_gdb(self):
        with mock.patch.object(process_threads.environment, "for_gdb", return_value={"PATH": "/nonexistent"}):
            self.assertIsNone(process_threads.read_layout("kernel.elf"))


if __name__ == "__main__":
    unittest.main()
