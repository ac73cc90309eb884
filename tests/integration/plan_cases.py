# SPDX-License-Identifier: Apache-2.0
"""sync --plan: what is saved, and that exactly that is done. The server is hawser-fault-server."""

import json
import os

import fault_servers
from fault_servers import lines


def write(path, body=b"x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


def keys(s3):
    return {e["Key"]: s3.get_object(Bucket="b", Key=e["Key"])["Body"].read() for e in s3.list_objects_v2(Bucket="b").get("Contents", [])}


def prepared(tool, s3, folder, *options):
    """A folder and a prefix that differ in one new, one changed and one extra object, and their plan."""
    for name, body in {"new": b"1", "d/changed": b"22", "same": b"3"}.items():
        write(folder / "in" / name, body)
    for key, body in {"p/d/changed": b"2", "p/same": b"3", "p/extra": b"4", "other": b"5"}.items():
        s3.put_object(Bucket="b", Key=key, Body=body)
    words = ("sync", f"{folder}/in/", "s3://b/p/", "--delete", "--size-only", "--plan", folder / "plan", *options)
    before = keys(s3)
    would = [(e["op"], e["status"]) for e in lines(tool(*words, "--json"))]
    assert sorted(would) == [("cp", "skipped"), ("cp", "would"), ("cp", "would"), ("rm", "would")], would
    assert keys(s3) == before
    return words


def a_plan_is_saved_and_then_done(tool, server, s3, folder):
    words = prepared(tool, s3, folder)
    saved = [json.loads(line) for line in (folder / "plan").read_text().splitlines()]
    etag = s3.head_object(Bucket="b", Key="p/extra")["ETag"].strip('"')
    assert saved[0]["sync_plan"] == 1 and json.loads(saved[0]["of"])["destination"] == "s3://b/p/", saved[0]
    assert saved[-1] == {"actions": 3}, saved[-1]
    actions = {a["name"]: a for a in saved[1:-1]}
    assert {n: a["op"] for n, a in actions.items()} == {"new": "cp", "d/changed": "cp", "extra": "rm"}
    assert actions["new"]["target"] is None and actions["d/changed"]["target"]["size"] == 1
    assert actions["new"]["source"] == {"size": 1, "mtime_us": os.stat(folder / "in/new").st_mtime_ns // 1000, "etag": ""}
    assert (actions["extra"]["source"], actions["extra"]["target"]["etag"]) == (None, etag)
    # What has come since then is no part of the plan.
    write(folder / "in/later")
    s3.put_object(Bucket="b", Key="p/later-extra", Body=b"6")
    assert len([e for e in lines(tool(*words, "--dry-run", "--json")) if e["status"] == "would"]) == 3
    tool(*words)
    assert keys(s3) == {"other": b"5", "p/new": b"1", "p/d/changed": b"22", "p/same": b"3", "p/later-extra": b"6"}
    # A second time nothing is as the plan says.
    tool(*words, want=6, says=("the plan does not hold any more",))


def what_has_changed_stays(tool, server, s3, folder):
    words = prepared(tool, s3, folder)
    write(folder / "in/new", b"another")
    before = keys(s3)
    tool(*words, want=3, says=("the source was changed",))
    # The other copy is done, and nothing is removed.
    assert keys(s3) == {**before, "p/d/changed": b"22"}


def targets_that_have_changed_stay(tool, server, s3, folder):
    words = prepared(tool, s3, folder)
    s3.put_object(Bucket="b", Key="p/new", Body=b"theirs")
    tool(*words, want=3, says=("the target is there",))
    assert keys(s3)["p/new"] == b"theirs"


def removals_look_too(tool, server, s3, folder):
    words = prepared(tool, s3, folder)
    s3.put_object(Bucket="b", Key="p/extra", Body=b"0")
    tool(*words, want=3, says=("the target was changed",))
    assert keys(s3)["p/extra"] == b"0" and keys(s3)["p/new"] == b"1"


def a_plan_is_whole_and_of_the_same_paths(tool, server, s3, folder):
    words = prepared(tool, s3, folder)
    before, plan = keys(s3), (folder / "plan").read_bytes()
    tool(*words, "--exclude", "x", want=2, says=("other paths or options",))
    tool(*(str(w).replace("s3://b/p/", "s3://b/q/") for w in words), want=2, says=("other paths or options",))
    tool(*words, "--max-delete", "1", "--dry-run")
    text = plan.splitlines(keepends=True)
    for name, spoiled in {"cut": plan[:-20], "no end": b"".join(text[:-1]), "one less": b"".join(text[:1] + text[2:]), "more": plan + text[1], "no plan": b"{}\n", "nothing": b"", "no JSON": text[0] + b"x\n"}.items():
        (folder / "plan").write_bytes(spoiled)
        done = tool(*words, want=4, says=("no whole plan",))
        assert keys(s3) == before, (name, done)
    (folder / "plan").write_bytes(plan.replace(b'"d/changed"', b'"../plan"'))
    tool(*words, want=3, says=("leads out of the folder",))


CASES = fault_servers.cases(
    (a_plan_is_saved_and_then_done, what_has_changed_stays, targets_that_have_changed_stay, removals_look_too, a_plan_is_whole_and_of_the_same_paths), "--bucket", "b"
)
