"""The teacher's page: students and checks, and how many failed in the same way. One file, without a server."""

import collections
import html
import re

STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; margin: 2em; color: #222; max-width: 90em }
table { border-collapse: collapse; margin: 1em 0 }
th, td { padding: .2em .5em; border-bottom: 1px solid #ddd; text-align: right; vertical-align: top }
th { cursor: pointer; background: #f4f4f4; position: sticky; top: 0 }
td:first-child, th:first-child, td.text { text-align: left }
td.lost { background: #fbe3e0 } td.part { background: #fdf3d7 } td.full { background: #e3f3e3 }
code, pre { font: 12px/1.4 ui-monospace, monospace } pre { background: #f7f7f7; padding: .6em; overflow-x: auto }
"""
# Sorts by the column whose heading is clicked: numbers as numbers.
SCRIPT = """
document.querySelectorAll('table.sortable th').forEach((head, column) => head.addEventListener('click', () => {
  const body = head.closest('table').tBodies[0], sign = head.dataset.sign = head.dataset.sign === '1' ? '-1' : '1';
  const value = row => row.cells[column].textContent;
  [...body.rows].sort((a, b) => sign * value(a).localeCompare(value(b), undefined, {numeric: true}))
    .forEach(row => body.append(row));
}));
"""
NUMBER = re.compile(r"(?<![\w.])(?:0x)?[0-9a-f]*\d[0-9a-f]*\b")


def tag(name, content, **attributes):
    """An element; the content is HTML already."""
    words = "".join(f' {key.rstrip("_")}="{html.escape(str(value))}"' for key, value in attributes.items())
    return f"<{name}{words}>{content}</{name}>"


def row(cells, kind="td"):
    return tag("tr", "".join(tag(kind, content, class_=style) if style else tag(kind, content)
                             for content, style in cells))


def score_cell(points, of):
    style = "full" if points == of else "part" if points else "lost"
    return str(points), style


def state_of(found):
    """What stands beside a student who has no points by checks."""
    for key in ("error", "refused"):
        if key in found:
            return html.escape(found[key])
    return "" if found["build"] == "ok" else "does not build"


def table_of_students(lab, results):
    head = row([("student", ""), ("points", ""), *((html.escape(check.name), "") for check in lab.checks),
                ("look", ""), ("state", "")], "th")
    body = []
    for found in results:
        points = {check["id"]: check["points"] for check in found["checks"]}
        name = html.escape(found["student"])
        body.append(row([
            (tag("a", name, href=f"#{name}"), ""), score_cell(found["points"], found["of"]),
            *(score_cell(points.get(check.name, 0), check.points) for check in lab.checks),
            (str(len(found.get("look", [])) or ""), ""), (state_of(found), "text")]))
    return tag("table", tag("thead", head) + tag("tbody", "".join(body)), class_="sortable")


def ways(results):
    """(check, how it failed, without numbers) -> students."""
    found = collections.defaultdict(list)
    for each in results:
        for check in each["checks"]:
            if check["state"] != "passed" and "needs" not in check:
                how = f"expected {NUMBER.sub('#', check['expected'])}; got {NUMBER.sub('#', check['got'])}"
                found[check["id"], how].append(each["student"])
    return found


def table_of_failures(results):
    """The most frequent first: what the next hint, or the next lecture, could be about."""
    rows = sorted(ways(results).items(), key=lambda item: (-len(item[1]), item[0]))
    body = [row([(html.escape(check), ""), (str(len(students)), ""), (tag("code", html.escape(how)), "text"),
                 (html.escape(" ".join(students[:8]) + (" ..." if len(students) > 8 else "")), "text")])
            for (check, how), students in rows]
    head = row([("check", ""), ("students", ""), ("how", ""), ("who", "")], "th")
    return tag("table", tag("thead", head) + tag("tbody", "".join(body)), class_="sortable")


def details(found, text):
    look = "".join(tag("li", tag("code", html.escape(line))) for line in found.get("look", []))
    name = html.escape(found["student"])
    return tag("details", tag("summary", name) + (f"<p>To look at:</p><ul>{look}</ul>" if look else "") +
               tag("pre", html.escape(text)), id=name)


def page(lab, results):
    """The whole page."""
    import result  # pylint: disable=import-outside-toplevel; result.py knows no page

    graded = [found for found in results if not state_of(found)]
    mean = f"{sum(found['points'] for found in graded) / len(graded):.1f}" if graded else "-"
    title = f"Lab {lab.name}: {len(results)} hand-ins"
    return "".join([
        "<!doctype html>", tag("html", tag("head", f'<meta charset="utf-8">{tag("title", html.escape(title))}'
                                           f"{tag('style', STYLE)}") + tag("body", "".join([
            tag("h1", html.escape(title)),
            tag("p", f"{len(graded)} have been run; of these the mean is {mean} of {lab.points()} points."),
            tag("h2", "Students"), table_of_students(lab, results),
            tag("h2", "Failed in the same way"), table_of_failures(results),
            tag("h2", "Each hand-in"), *(details(found, result.as_text(found)) for found in results),
            tag("script", SCRIPT)])), lang="en"), "\n"])
