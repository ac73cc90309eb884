# SPDX-License-Identifier: Apache-2.0
"""What a report says of requests and money, beside what the server has counted. The server is hawser-fault-server."""

import collections
import json

import fault_servers
from support import Tool, write

PART = 5 << 20
# Prices of which each class can be told from a sum: 1,000 PUTs cost 1, and so on.
PRICES = {
    "currency": "EUR",
    "date": "2026-01-02",
    "source": "prices of a test",
    "regions": {
        "us-east-1": {
            "put_per_1000": 1,
            "get_per_1000": 0.001,
            "list_per_1000": 1000,
            "delete_per_1000": 0,
            "in_per_gib": 0,
            "out_per_gib": 1024,
            "between_regions_per_gib": 0,
        }
    },
}
CLASSES = {
    "put": ("PutObject", "CopyObject", "UploadPart", "UploadPartCopy", "CreateMultipartUpload", "CompleteMultipartUpload"),
    "get": ("GetObject", "HeadObject", "GetObjectTagging", "GetObjectAttributes"),
    "list": ("ListObjectsV2", "ListMultipartUploads", "ListParts"),
    "delete": ("DeleteObject", "DeleteObjects", "AbortMultipartUpload"),
}


def report(tool, folder, *arguments, prices=PRICES, **options):
    path = folder / "report.json"
    table = write(folder / "prices.json", json.dumps(prices).encode())
    tool(*arguments, "--report", path, "--prices", table, **options)
    return json.loads(path.read_text())


def seen(server):
    """The requests that the server has counted, by operation."""
    return {name: count for name, count in server.state()["requests"].items() if count}


def told(found):
    return {row["op"]: row["count"] for row in found["requests"]}


def price(requests):
    """What the table of these tests says that requests cost, calculated here."""
    count = collections.Counter({kind: sum(requests.get(name, 0) for name in names) for kind, names in CLASSES.items()})
    assert sum(count.values()) == sum(requests.values()), requests
    return count["put"] / 1000 + count["get"] * 1e-6 + count["list"]


def fill(server):
    for name in ("in", "out"):
        server.bucket(name)
    for i in range(7):
        server.put("in", f"k{i}", b"x" * 1000 * i)
    server.put("in", "big", b"y" * (2 * PART + 1))
    server.reset()


def close(one, other):
    assert abs(one - other) < 1e-6 * max(1, abs(other)), (one, other)


def every_request_is_in_the_report(tool, server, _, folder):
    fill(server)
    here = f"{folder}/here/"
    runs = [
        ("cp", "s3://in/", here, "--part-size", "5MiB"),
        ("cp", here, "s3://out/up/", "--part-size", "5MiB"),
        ("cp", "s3://in/", "s3://out/copied/"),
        ("cp", "s3://in/", "s3://out/streamed/", "--mode", "traditional", "--part-size", "5MiB"),
        ("sync", "s3://in/", "s3://out/copied/", "--checksum"),
        ("mv", "s3://out/up/", "s3://out/moved/"),
        ("rm", "s3://out/moved/"),
    ]
    for run in runs:
        server.reset()
        found = report(tool, folder, *run)
        assert told(found) == seen(server), (run, told(found), seen(server))
        close(found["cost"]["requests"]["value"], price(seen(server)))
        assert found["cost"]["requests"]["kind"] == "estimated" and found["cost"]["requests"]["unit"] == "EUR"
        assert found["cost"]["requests"]["basis"] == "prices of a test, us-east-1, 2026-01-02"
        got = sum(row["bytes_in"] for row in found["requests"])
        # 1,024 for a GiB are 1 for a MiB.
        close(found["cost"]["transfer"]["value"], got / (1 << 20))


def tries_are_requests(tool, server, _, folder):
    """Each try that the server has seen is counted, and those that it has failed to answer cost nothing."""
    fill(server)
    server.faults("GetObject 1/4 * 503\nGetObject 1/5 * rst\nPutObject 1 * 500\nPutObject 2 * slow-down\n")
    found = report(tool, folder, "cp", "s3://in/", "s3://out/", "--mode", "traditional", "--part-size", "5MiB")
    counts = seen(server)
    assert told(found) == counts, (told(found), counts)
    played = server.state()["faults"]
    refused = {"GetObject": played[0]["played"], "PutObject": played[2]["played"] + played[3]["played"]}
    assert all(refused.values()), played
    billed = {name: count - refused.get(name, 0) for name, count in counts.items()}
    close(found["cost"]["requests"]["value"], price(billed))
    rows = {row["op"]: row for row in found["requests"]}
    assert rows["PutObject"]["errors"] == rows["PutObject"]["retries"] == 2, rows["PutObject"]
    assert rows["GetObject"]["errors"] >= refused["GetObject"], rows["GetObject"]


def copies_are_compared_with_download_and_upload(tool, server, _, folder):
    fill(server)
    found = report(tool, folder, "cp", "s3://in/", "s3://out/", "--part-size", "5MiB")
    bytes_all = sum(1000 * i for i in range(7)) + 2 * PART + 1
    efficiency = found["efficiency"]
    assert found["ways"]["on-server"]["bytes"] == bytes_all, found["ways"]
    # Eight objects are copied by a request each. By hand: 7 + 3 GETs, 7 PUTs and 3 + 2 for the parts.
    wants = {
        "requests": (8, 22),
        "operations": (8, 16),
        "temp_bytes": (0, bytes_all),
        "eur_requests": (8e-3, 10e-6 + 12e-3),
    }
    for key, (actual, baseline) in wants.items():
        close(efficiency[key]["actual"]["value"], actual)
        close(efficiency[key]["baseline"]["value"], baseline)
    assert efficiency["client_bytes"]["baseline"]["value"] == 2 * bytes_all
    assert efficiency["client_bytes"]["actual"]["value"] < 10_000
    close(efficiency["eur_transfer"]["baseline"]["value"], bytes_all / (1 << 20))
    seconds = efficiency["seconds"]
    assert seconds["actual"]["kind"] == "measured" and seconds["actual"]["value"] > 0
    assert seconds["baseline"]["value"] is None and "not measured" in seconds["baseline"]["basis"]
    kinds = {figure["kind"] for pair in efficiency.values() for figure in pair.values()}
    assert kinds == {"measured", "calculated", "estimated"}, kinds


def a_dry_run_tells_what_copies_would_take(tool, server, _, folder):
    """All of it estimated, and as the run itself then does it. Its own requests are counted and charged for."""
    fill(server)
    would = report(tool, folder, "cp", "s3://in/", "s3://out/", "--dry-run", "--part-size", "5MiB")
    assert told(would) == seen(server), (told(would), seen(server))
    server.reset()
    found = report(tool, folder, "cp", "s3://in/", "s3://out/", "--part-size", "5MiB")
    for key in ("requests", "operations", "temp_bytes", "eur_requests"):
        for side in ("actual", "baseline"):
            close(would["efficiency"][key][side]["value"], found["efficiency"][key][side]["value"])
    assert would["efficiency"]["client_bytes"]["baseline"] == found["efficiency"]["client_bytes"]["baseline"]
    assert would["efficiency"]["seconds"]["actual"]["value"] is None
    kinds = {figure["kind"] for pair in would["efficiency"].values() for figure in pair.values()}
    assert kinds == {"calculated", "estimated"}, kinds
    through = report(tool, folder, "cp", "s3://in/", "s3://out/", "--dry-run", "--mode", "traditional")
    assert through["efficiency"] is None, through["efficiency"]


def time_is_estimated_from_what_is_known(tool, server, _, folder):
    """By the rate of objects that went through in the same run, or by one that the table states."""
    fill(server)
    stated = {**PRICES, "machine": {"per_hour": 3600, "bytes_per_second": 1 << 20}}
    found = report(tool, folder, "cp", "s3://in/", "s3://out/a/", prices=stated)
    bytes_all = found["ways"]["on-server"]["bytes"]
    close(found["efficiency"]["seconds"]["baseline"]["value"], 2 * bytes_all / (1 << 20))
    # 3,600 an hour are 1 a second.
    pair = found["efficiency"]
    money = pair["eur_requests"]["baseline"]["value"] + pair["eur_transfer"]["baseline"]["value"] + 2 * bytes_all / (1 << 20)
    close(pair["eur"]["baseline"]["value"], money)
    # One service refuses to copy some objects, which go through; hybrid goes on to try.
    server.faults("CopyObject * big 501\n")
    found = report(tool, folder, "cp", "s3://in/", "s3://out/b/", "--mode", "hybrid", "--part-size", "5MiB")
    rows = {row["op"]: row for row in found["requests"]}
    down = rows["GetObject"]["seconds"] / rows["GetObject"]["bytes_in"]
    up = (rows["UploadPart"]["seconds"] + rows.get("PutObject", {"seconds": 0})["seconds"]) / (2 * PART + 1)
    left = found["ways"]["on-server"]["bytes"]
    assert left == sum(1000 * i for i in range(7)) and found["ways"]["through"]["objects"] == 1, found["ways"]
    baseline = found["efficiency"]["seconds"]["baseline"]
    assert abs(baseline["value"] - left * (down + up)) < 1e-6, (baseline, down, up)
    assert "as fast as other objects of this run" in baseline["basis"] and baseline["kind"] == "estimated"
    assert "CopyObject and UploadPartCopy alone" in found["efficiency"]["requests"]["actual"]["basis"]


def wrong_tables_are_refused(tool, server, _, folder):
    """Before any request, and before there is a report."""
    fill(server)
    region = PRICES["regions"]["us-east-1"]
    for text, status, says in (
        (None, 6, "No such file"),
        (b"{", 2, "line 1, column"),
        (json.dumps({**PRICES, "currenzy": 1}).encode(), 2, 'unknown key "currenzy", did you mean "currency"?'),
        (json.dumps({**PRICES, "regions": {"a": {**region, "put_per_1000": -1}}}).encode(), 2, "regions.a: put_per_1000: expected a number"),
        (json.dumps({**PRICES, "regions": {}}).encode(), 2, "regions: expected an object of 1 to 1000 regions"),
        (b" " * ((1 << 20) + 1), 4, "1048576"),
    ):
        table = folder / "prices.json"
        table.unlink(missing_ok=True)
        if text is not None:
            table.write_bytes(text)
        for more in ((), ("--report", folder / "report.json")):
            tool("cp", "s3://in/", "s3://out/", "--prices", table, *more, want=status, says=("prices.json", says))
    assert not seen(server) and not (folder / "report.json").exists()


def a_table_may_lie_in_a_bucket(tool, server, _, folder):
    """It is read by a store of its own, whose requests are none of the run's; a variable names it too."""
    fill(server)
    server.put("in", "table/prices.json", json.dumps(PRICES).encode())
    path = folder / "report.json"
    for options, environment in (
        (("--prices", "s3://in/table/prices.json"), {}),
        ((), {"HAWSER_PRICES": "s3://in/table/prices.json"}),
    ):
        Tool(tool.path, {**tool.environment, **environment})("cp", "s3://in/k1", "s3://out/", "--report", path, *options)
        found = json.loads(path.read_text())
        assert found["cost"]["currency"] == "EUR" and found["cost"]["table"] == "s3://in/table/prices.json", found["cost"]
        assert "GetObject" not in told(found), told(found)
    tool("cp", "s3://in/k1", "s3://out/", "--prices", "s3://in/none.json", want=6, says=("s3://in/none.json",))


CASES = fault_servers.cases(
    [
        every_request_is_in_the_report,
        tries_are_requests,
        copies_are_compared_with_download_and_upload,
        a_dry_run_tells_what_copies_would_take,
        time_is_estimated_from_what_is_known,
        wrong_tables_are_refused,
        a_table_may_lie_in_a_bucket,
    ]
)
