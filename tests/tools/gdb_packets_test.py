"""tools/run/gdb_packets.py: packets, however they arrive."""

import pathlib
import socket
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "run"))

import gdb_packets  # noqa: E402


class Packets(unittest.TestCase):
    def setUp(self):
        server = socket.create_server(("127.0.0.1", 0))
        self.other = socket.create_connection(server.getsockname())
        connection, _ = server.accept()
        server.close()
        self.link = gdb_packets.PacketLink(connection)
        self.addCleanup(self.other.close)
        self.addCleanup(connection.close)

    def received(self, *chunks):
        """What comes of these chunks, one after the other."""
        found = []
        for chunk in chunks:
            self.other.sendall(chunk)
            found.append(self.link.receive())
        return found

    def test_in_pieces_and_in_heaps(self):
        self.assertEqual(self.received(b"+$m1", b"000,4#", b"8", b"e$g#67+$", b"#00"),
                         [[], [], [], [b"m1000,4", b"g"], [b""]])
        self.assertEqual(self.other.recv(100), b"+++")

    def test_ctrl_c_between_packets_and_inside(self):
        self.assertEqual(self.received(b"+\x03$a\x03b#00\x03"), [[b"\x03", b"a\x03b", b"\x03"]])

    def test_what_is_sent(self):
        self.link.send(b"OK")
        self.link.send(gdb_packets.INTERRUPT)
        self.assertEqual(self.other.recv(100), b"$OK#9a\x03")

    def test_the_last_packet_of_one_that_is_gone(self):
        self.other.sendall(b"$OK#9a$W00#b7")
        self.other.close()
        self.assertEqual(self.link.receive(), [b"OK", b"W00"])
        with self.assertRaises(EOFError):
            self.link.receive()


if __name__ == "__main__":
    unittest.main()
