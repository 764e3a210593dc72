#!/usr/bin/python3
"""The example workflow and the example job, read strictly and run as far as that goes without their
services: each `run` and `script` in a shell of its own, artifacts handed from job to job, matrix and
parallel jobs one after another. Jobs for machines with a bench are only checked.

Each check is one case of the XML.
"""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from xml.sax.saxutils import quoteattr

try:
    import yaml
except ImportError:
    sys.exit("python3-yaml is not there: harness/install_deps test")

ROOT = pathlib.Path.cwd()
TMP = pathlib.Path(os.environ["TEST_TMPDIR"])
EXAMPLES = ROOT / "harness/examples"
ARCHIVE = ROOT / "harness/package/assay-linux.tar.gz"
cases = []


def check(name, problem):
    cases.append((name, problem))
    if problem:
        print(f"FAILED {name}: {problem}", file=sys.stderr)


class Strict(yaml.SafeLoader):
    """No key twice; and `on` is a word, as GitHub reads it, not a truth."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.YAMLError(f"{key.value} stands twice, line {key.start_mark.line + 1}")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


Strict.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Strict.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), "tf")


def only(what, mapping, allowed, needed=()):
    """What is wrong with the keys of a mapping."""
    if not isinstance(mapping, dict):
        return [f"{what} is no mapping"]
    return [f"{what} has the unknown key {key}" for key in mapping if key not in allowed] + [
        f"{what} lacks {key}" for key in needed if key not in mapping
    ]


def environment(extra):
    base = {"PATH": "/usr/bin:/bin", "HOME": str(TMP), "CI": "true", "LC_ALL": "C.UTF-8",
            "ASSAY_URL": ARCHIVE.as_uri(),
            "ASSAY_SHA256": hashlib.sha256(ARCHIVE.read_bytes()).hexdigest()}
    return base | extra


def shell(script, folder, extra):
    return subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], cwd=folder,
                          env=environment(extra), text=True, capture_output=True, timeout=120,
                          stdin=subprocess.DEVNULL)


def checkout(folder):
    shutil.copytree(EXAMPLES / "workspace", folder, dirs_exist_ok=True)


def bench_target(name, script):
    """The module's own job cannot run here; what it tests has to be there."""
    build = (EXAMPLES / "workspace/modem/BUILD").read_text()
    targets = re.findall(r"//modem:(\w+)", script)
    missing = [target for target in targets if f'name = "{target}"' not in build]
    check(f"{name}-names-targets-that-are-there", f"{missing}" if missing or not targets else None)


# GitHub.

def expand(text, matrix):
    out = re.sub(r"\$\{\{ matrix\.(\w+) \}\}", lambda found: str(matrix[found[1]]), text)
    if "${{" in out:
        raise ValueError(f"an expression that is not known: {out}")
    return out


def github_problems(flow):
    problems = only("the workflow", flow, {"name", "on", "permissions", "env", "jobs"}, {"on", "jobs"})
    problems += only("on", flow["on"], {"push", "pull_request", "schedule"})
    for name, job in flow["jobs"].items():
        problems += only(name, job, {"needs", "if", "runs-on", "timeout-minutes", "strategy", "concurrency",
                                     "steps"}, {"runs-on", "steps", "timeout-minutes"})
        needs = job.get("needs", [])
        for need in [needs] if isinstance(needs, str) else needs:
            if need not in flow["jobs"]:
                problems.append(f"{name} needs {need}, which is no job")
        for step in job["steps"]:
            problems += only(f"a step of {name}", step, {"name", "uses", "with", "run", "if"})
            if ("run" in step) == ("uses" in step):
                problems.append(f"a step of {name} has to have one of run and uses")
            if "uses" in step and not re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step["uses"]):
                problems.append(f"{step['uses']} names no version")
    return problems


def run_github_job(name, job, matrix, artifacts, summary):
    folder = TMP / "github" / "-".join([name, *map(str, matrix.values())])
    folder.mkdir(parents=True)
    added, failed = folder / ".path", None
    added.touch()
    for step in job["steps"]:
        if failed and step.get("if") != "always()":
            continue
        options = {key: expand(value, matrix) for key, value in step.get("with", {}).items()}
        action = step.get("uses", "").split("@")[0]
        if action == "actions/checkout":
            checkout(folder)
        elif action == "actions/upload-artifact":
            shutil.copytree(folder / options["path"], artifacts / options["name"])
        elif action == "actions/download-artifact":
            shutil.copytree(artifacts, folder / options["path"])
        elif action:
            failed = f"nobody here knows {action}"
        else:
            path = ":".join(added.read_text().split() + ["/usr/bin", "/bin"])
            done = shell(expand(step["run"], matrix), folder,
                         {"GITHUB_PATH": str(added), "GITHUB_STEP_SUMMARY": str(summary), "PATH": path})
            if done.returncode != 0:
                failed = f"{step.get('name')}: status {done.returncode}: {done.stdout}{done.stderr}"
    return failed


def github():
    flow = yaml.load((EXAMPLES / "ci/github-workflow.yml").read_text(), Strict)
    check("github-is-a-workflow", "; ".join(github_problems(flow)))
    artifacts, summary = TMP / "github-artifacts", TMP / "summary.md"
    artifacts.mkdir()
    for name, job in flow["jobs"].items():
        if "self-hosted" in job["runs-on"]:
            check(f"github-{name}-has-the-port-alone", None if "concurrency" in job else "no concurrency")
            bench_target(f"github-{name}", job["steps"][-1]["run"])
            continue
        axes = job.get("strategy", {}).get("matrix", {"": [""]})
        (axis, values), = axes.items()
        for value in values:
            matrix = {axis: value} if axis else {}
            check(f"github-{name}{'-' + str(value) if axis else ''}",
                  run_github_job(name, job, matrix, artifacts, summary))
    result = json.loads((artifacts / "report/result.json").read_text())
    text = summary.read_text()
    check("github-summary", None if str(result["summary"]["pass"]) in text else text)
    for file in ("report.html", "junit.xml", "result.json"):
        check(f"github-artifact-{file}", None if (artifacts / "report" / file).is_file() else "not there")


# GitLab.

GITLAB_KEYS = {"extends", "image", "stage", "timeout", "parallel", "before_script", "script", "artifacts",
               "when", "needs", "tags", "resource_group", "rules"}


def gitlab_problems(jobs, stages):
    problems = []
    for name, job in jobs.items():
        problems += only(name, job, GITLAB_KEYS)
        problems += only(f"artifacts of {name}", job.get("artifacts", {}),
                         {"when", "paths", "reports", "expose_as"})
        if name.startswith("."):
            continue
        if job.get("stage") not in stages:
            problems.append(f"{name} has no stage that there is")
        for need in job.get("needs", []) + ([job["extends"]] if "extends" in job else []):
            if need not in jobs:
                problems.append(f"{name} needs {need}, which is no job")
    return problems


def run_gitlab_job(name, job, index, total, artifacts):
    folder = TMP / "gitlab" / f"{name}-{index}"
    folder.mkdir(parents=True)
    checkout(folder)
    if "needs" in job:
        shutil.copytree(artifacts, folder, dirs_exist_ok=True)
    numbers = {"CI_NODE_INDEX": str(index), "CI_NODE_TOTAL": str(total)}
    # As GitLab does: one script of all lines.
    done = shell("\n".join(job.get("before_script", []) + job["script"]), folder, numbers)
    paths = job["artifacts"]["paths"] + list(job["artifacts"].get("reports", {}).values())
    for path in paths:
        for key, value in numbers.items():
            path = path.replace("$" + key, value)
        if not (folder / path).exists():
            return f"{path} is no artifact: {done.stdout}{done.stderr}"
        if (folder / path).is_dir():
            shutil.copytree(folder / path, artifacts / path, dirs_exist_ok=True)
    return f"status {done.returncode}: {done.stdout}{done.stderr}" if done.returncode != 0 else None


def gitlab():
    flow = yaml.load((EXAMPLES / "ci/gitlab-ci.yml").read_text(), Strict)
    stages = flow.pop("stages")
    variables = flow.pop("variables")
    check("gitlab-variables", None if set(variables) == {"ASSAY_URL", "ASSAY_SHA256"} else str(variables))
    check("gitlab-is-a-pipeline", "; ".join(gitlab_problems(flow, stages)))
    artifacts = TMP / "gitlab-artifacts"
    artifacts.mkdir()
    for stage in stages:
        for name, given in flow.items():
            if given.get("stage") != stage:
                continue
            job = flow.get(given.get("extends"), {}) | given
            if "tags" in job:
                check(f"gitlab-{name}-has-the-port-alone", None if "resource_group" in job else "no resource_group")
                bench_target(f"gitlab-{name}", "\n".join(job["script"]))
                continue
            total = job.get("parallel", 1)
            for index in range(1, total + 1):
                check(f"gitlab-{name}-{index}", run_gitlab_job(name, job, index, total, artifacts))
    check("gitlab-report", None if (artifacts / "report/report.html").is_file() else "not there")


def test_of_the_test():
    for name, text in (("twice", "a: 1\na: 2\n"), ("twice-below", "a:\n  b: 1\n  b: 2\n")):
        try:
            yaml.load(text, Strict)
            check(f"strict-{name}", "was taken")
        except yaml.YAMLError:
            check(f"strict-{name}", None)
    check("strict-on", None if yaml.load("on: {push: }", Strict) == {"on": {"push": None}} else "no word")


test_of_the_test()
github()
gitlab()
failures = sum(1 for _, problem in cases if problem)
with open(os.environ["XML_OUTPUT_FILE"], "w", encoding="utf-8") as out:
    out.write(f'<testsuites><testsuite name="workflows" tests="{len(cases)}" failures="{failures}">')
    for name, problem in cases:
        out.write(f'<testcase name={quoteattr(name)} classname="workflows" time="0">'
                  + ('<failure message="failed"/>' if problem else "") + "</testcase>")
    out.write("</testsuite></testsuites>\n")
print(f"{len(cases)} checks, {failures} failed")
sys.exit(1 if failures else 0)
