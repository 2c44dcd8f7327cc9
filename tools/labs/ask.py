#!/usr/bin/env python3
"""Prints the questions of a lab, with what differs from student to student (`make questions`), and what cannot be read
of the answers.

Takes the Makefile's variable NAME from the environment where the tree is no starter.

exit code  meaning
        0  they are printed
        1  the kernel does not build, and addresses in it are asked about
       64  a wrong argument, or a lab that asks nothing
"""

import sys
import textwrap

import answers
import collect
import grade
import lab as labs
import questions


def show(asked):
    """Prints one question."""
    question = asked.question
    print(f"{question.name}  (make debug CHECK={question.run})")
    print(textwrap.fill(asked.text, 100, initial_indent="    ", subsequent_indent="    "))
    for letter, step in asked.letters.items():
        print(f"      {letter}  {question.steps[step]}")
    if question.options:
        print(f"      one of: {', '.join(question.options)}")
    print()


def ask(lab, course, student):
    """The questions as this student has them; None, after the messages, if the image that they are about cannot be
    built."""
    every = questions.load(lab).values()
    if not any(question.draws_addresses for question in every):
        return [questions.ask(question, course, student) for question in every]
    image = grade.build(lab)
    return image and list(answers.subject_of(lab, image, course, student).questions.values())


def main():
    try:
        name, course, student = grade.identity()
        lab = labs.load(name)
        if not lab.asks:
            raise labs.LabError(f"the lab {lab.name} asks no questions")
        student = student or answers.student_in(answers.text_in(labs.ROOT))
        asked = ask(lab, course, student)
        if asked is None:
            return 1
        print(f'The questions for student "{student}"; the answers go to {questions.FILE}.\n')
        for each in asked:
            show(each)
    except (labs.LabError, collect.Refused) as error:
        print(f"questions: {error}", file=sys.stderr)
        return 64
    return 0


if __name__ == "__main__":
    sys.exit(main())
