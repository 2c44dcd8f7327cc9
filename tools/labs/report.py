"""Tables made from results: CSV, JUnit's XML, and a page."""

import csv
import json
import xml.etree.ElementTree as xml

import page


def difference(path, found):
    """What a grading before this one had, if it was something else."""
    if not path.exists():
        return ""
    before = json.loads(path.read_text(encoding="utf-8"))
    if before == found:
        return ""
    if before["points"] == found["points"]:
        return "  (other than before, with the same points)"
    return f"  (before: {before['points']})"


def state_of(found):
    if "error" in found:
        return "error"
    return "refused" if "refused" in found else "ok" if found["build"] == "ok" else "does not build"


def write_csv(lab, results, path):
    """A row each, a column for each check."""
    names = [check.name for check in lab.checks]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["student", "state", "points", "of", "bonus", *names, "look"])
        for found in results:
            points = {check["id"]: check["points"] for check in found["checks"]}
            writer.writerow([found["student"], state_of(found), found["points"], found["of"], found["bonus"],
                             *(points.get(name, 0) for name in names), "; ".join(found.get("look", []))])


def failure_text(check):
    """What stands in a failed test case."""
    lines = [check["hint"], f"expected {check['expected']}", f"got {check['got']}", *check["at"]]
    return "\n".join(lines)


def junit(results):
    """The element testsuites: a suite for each hand-in, a case for each check."""
    root = xml.Element("testsuites")
    for found in results:
        failed = sum(check["state"] != "passed" for check in found["checks"])
        broken = state_of(found) != "ok"
        suite = xml.SubElement(root, "testsuite", name=found["student"], tests=str(len(found["checks"]) + broken),
                               failures=str(failed), errors=str(int(broken)))
        if broken:
            case = xml.SubElement(suite, "testcase", classname=found["lab"], name="build")
            text = found.get("error") or found.get("refused") or found["build"]
            xml.SubElement(case, "error", message=state_of(found)).text = text
        for check in found["checks"]:
            group = f"{found['lab']}.task{check['task']}"
            case = xml.SubElement(suite, "testcase", classname=group, name=check["id"])
            if check["state"] != "passed":
                failure = xml.SubElement(case, "failure", message=f"{check['points']} of {check['of']}")
                failure.text = failure_text(check)
    return root


def write_all(lab, results, folder):
    write_csv(lab, results, folder / "table.csv")
    tree = xml.ElementTree(junit(results))
    xml.indent(tree)
    tree.write(folder / "junit.xml", encoding="utf-8", xml_declaration=True)
    (folder / "index.html").write_text(page.page(lab, results), encoding="utf-8")
