"""Runs the checks of a lab on a built image, several at a time."""

import concurrent.futures
import os
import secrets

import answers
import boot as boots
import judge
import parameters

MOST_STUCK = 3  # so many that do not even reach their own limit, and the rest is not tried


def run_check(lab, check, image, identity, wrapper=(), asked=None):
    """The verdict on one check. identity: (key, course, student); asked: the answers.Subject, and what was answered."""
    if check.answers:
        subject, text = asked
        return answers.judge_check(lab, check, text, subject)
    given = parameters.draw(*identity, check.name)
    expected = getattr(lab.models[check.module], check.function)(given)
    nonce = secrets.randbits(32)
    booted = boots.boot(parameters.prepared(image, check, nonce, given), check, wrapper)
    return judge.judge(check, booted, nonce, expected)


class Runs:
    """The runs of one image. A kernel that keeps the machine from its limit costs a minute of real time a run: after a
    few such runs there are no more."""

    def __init__(self, *run):
        self.lab, self.image, self.identity, self.wrapper, self.asked = run
        self.stuck = 0

    def run(self, check):
        if self.stuck >= MOST_STUCK:
            return judge.Verdict(check, expected="a machine that comes to its end",
                                 got=f"not tried: {MOST_STUCK} others did not", stuck=True)
        verdict = run_check(self.lab, check, self.image, self.identity, self.wrapper, self.asked)
        self.stuck += verdict.stuck
        return verdict

    def again(self, verdicts):
        """What hung in real time may have been the victim of a busy host: once more, one at a time, until one does it
        again."""
        self.stuck = MOST_STUCK - 1
        for verdict in verdicts:
            yield self.run(verdict.check) if verdict.stuck and self.stuck < MOST_STUCK else verdict


def run_checks(lab, image, identity, *, checks=None, wrapper=(), jobs=None, progress=None, asked=None):
    """The verdicts on these checks (default: all), in their order. progress(number done, number of all) is called."""
    checks = lab.checks if checks is None else checks
    runs, done = Runs(lab, image, identity, wrapper, asked), 0
    with concurrent.futures.ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        futures = [pool.submit(runs.run, check) for check in checks]
        try:
            for _ in concurrent.futures.as_completed(futures):
                done += 1
                if progress:
                    progress(done, len(checks))
            verdicts = [future.result() for future in futures]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return list(runs.again(verdicts))
