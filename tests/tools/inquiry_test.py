"""The kernel's report at a time limit is carried to its end, however the console cuts it."""

import os
import pathlib
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "run"))
import inquiry  # noqa: E402

REPORT = b"backtrace: ...\n" + inquiry.END + b"; the clock stands at msec 4294967295\n"


class CarryReport(unittest.TestCase):
    def carried(self, *pieces):
        """What carry_report() returns, and what it carried, if the console arrives in these pieces."""
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)

        def write():
            for piece in pieces:
                os.write(writer, piece)
                time.sleep(0.02)
            os.close(writer)

        thread = threading.Thread(target=write)
        thread.start()
        chunks = []
        whole = inquiry.carry_report(reader, chunks.append)
        thread.join()
        return whole, b"".join(chunks)

    def test_one_piece(self):
        self.assertEqual(self.carried(REPORT), (True, REPORT))

    def test_cut_anywhere(self):
        for cut in (3, len(REPORT) - 50, len(REPORT) - 39, len(REPORT) - 20, len(REPORT) - 1):
            with self.subTest(cut=cut):
                self.assertEqual(self.carried(REPORT[:cut], REPORT[cut:]), (True, REPORT))

    def test_byte_by_byte(self):
        end = REPORT[-20:]
        self.assertEqual(self.carried(REPORT[:-20], *(bytes((byte,)) for byte in end)), (True, REPORT))

    def test_no_end(self):
        self.assertEqual(self.carried(REPORT[:-1]), (False, REPORT[:-1]))


if __name__ == "__main__":
    unittest.main()
