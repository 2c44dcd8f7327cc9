"""Runs the checks of a lab on a built image, several at a time."""

import concurrent.futures
import os
import secrets

import boot as boots
import judge
import parameters


def run_check(lab, check, image, identity, wrapper=()):
    """The verdict on one check. identity: (key, course, student)."""
    given = parameters.draw(*identity, check.name)
    expected = getattr(lab.models[check.module], check.function)(given)
    nonce = secrets.randbits(32)
    booted = boots.boot(parameters.prepared(image, check, nonce, given), check, wrapper)
    return judge.judge(check, booted, nonce, expected)


def run_checks(lab, image, identity, *, checks=None, wrapper=(), jobs=None, progress=None):
    """The verdicts on these checks (default: all), in their order. progress(number done, number of all) is called."""
    checks = lab.checks if checks is None else checks
    done = 0
    with concurrent.futures.ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        futures = [pool.submit(run_check, lab, check, image, identity, wrapper) for check in checks]
        try:
            for _ in concurrent.futures.as_completed(futures):
                done += 1
                if progress:
                    progress(done, len(checks))
            verdicts = [future.result() for future in futures]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    # What hung in real time may have been the victim of a busy host: once more, alone.
    return [run_check(lab, verdict.check, image, identity, wrapper) if verdict.stuck else verdict
            for verdict in verdicts]
