#!/usr/bin/env python3
"""Makes the image of one check, CHECK=name, for `make debug` and `make record`; prints its path.

It is what `make grade CHECK=name` boots, with the same numbers.
"""

import os
import sys

import grade
import lab as labs
import parameters


def main():
    try:
        name, course, student = grade.identity()
        lab = labs.load(name)
        check = lab.check(os.environ.get("CHECK", ""))
        image = grade.build(lab)
        if image is None:
            return 1
        given = parameters.draw(parameters.PUBLIC_KEY, course, student, check.name)
        made = image.with_name(f"{lab.name}-{check.name}.elf")
        made.write_bytes(parameters.prepared(image, check, 0, given))
        made.chmod(0o755)
    except labs.LabError as error:
        print(f"check: {error}", file=sys.stderr)
        return 64
    print(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
