"""The image file of the machine's disk, as `make run DISK=path` names it."""

import os

NEW_BYTES = 1 << 20  # of a new image
SECTOR = 512
LEAST_BYTES = 64 * SECTOR  # kLeastBlocks of kernel/fs/layout.hpp
DEVICE = "disk.img"  # the name that QEMU has for it


class DiskError(Exception):
    """The file cannot be a disk; the text is one line for the user."""


def require(path):
    """Makes the image, all zeros, if there is no file of this name. Returns whether it did; raises DiskError."""
    try:
        with open(path, "xb") as image:
            image.truncate(NEW_BYTES)
        return True
    except FileExistsError:
        pass
    except OSError as error:
        raise DiskError(f"cannot make the disk {path}: {error.strerror}") from None
    if not os.path.isfile(path) or not os.access(path, os.R_OK | os.W_OK):
        raise DiskError(f"the disk {path} is not a file that can be read and written; name another, or one that does "
                        "not exist yet")
    size = os.path.getsize(path)
    if size < LEAST_BYTES or size % SECTOR:
        raise DiskError(f"the disk {path} has {size} bytes; it needs {LEAST_BYTES} or more, in sectors of {SECTOR}: "
                        "name a file that does not exist, and it will be made")
    return False


def arguments():
    """QEMU's arguments for the disk."""
    return ["-drive", f"if=ide,index=0,media=disk,format=raw,file={DEVICE}"]
