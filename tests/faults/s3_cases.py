# SPDX-License-Identifier: Apache-2.0
"""What `convert` does where an S3 service fails or lies: a row is a scenario, an operation, a kind
of fault, and the calls it hits.

Whatever the row, the run must not end with 0 unless exactly the right objects are at the
destination; else every object there is a whole old or a whole new one. No upload stays open, no
temporary stays, no secret is printed, nobody follows a redirect. All outputs are CSV and all
sources are CSV as Hawser writes it, so the right output is the source, byte for byte.
"""

import dataclasses
import hashlib
import json
import re

import crc64nvme
import harness
import s3_faults
import s3_server
from s3_server import Fault
from support import write

SECRET, TOKEN = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYSECRETKEY", "FwoGZXIvYXdzEBYaDHqa0AP+SESSION/TOKEN=="
PLACE = "destination"
SECONDS_MAX = 20
RETRY_FOR = "3s"  # so that the first pause is 30 ms
REQUESTS_MAX = 60


def table(rows, start=0):
    return b"id,name\n" + b"".join(b"%d,name %d\n" % (i, i * 7919 % 100_000) for i in range(start, start + rows))


OLD, SMALL = table(10, 5000), table(500)
LARGE = table(320_000)  # more than one part of 5 MiB
MANY = {f"{i:02d}.csv": table(20, i * 100) for i in range(25)}
TORN = table(450_000) + b"1\n"  # its last record is bad


@dataclasses.dataclass(frozen=True)
class Scenario:
    """A conversion: arguments with {out}, what lies in bucket `source`, in local files, at the
    destination before and after.
    """

    arguments: tuple
    new: dict
    source: dict = dataclasses.field(default_factory=dict)
    files: dict = dataclasses.field(default_factory=dict)
    old: dict = dataclasses.field(default_factory=dict)
    remote: bool = False  # the destination is a bucket
    manifest: bool = False
    earlier: dict = dataclasses.field(default_factory=dict)  # what the files held when they were converted before


def _old(new):
    return {name: OLD for name in new}


def _down(source, new, *arguments, old=True, **more):
    return Scenario(arguments, new, source=source, old=_old(new) if old else {}, **more)


def _up(files, new, *arguments, old=True, **more):
    return Scenario(arguments, new, files=files, old=_old(new) if old else {}, remote=True, **more)


A_SMALL, A_LARGE = {"a.csv": SMALL}, {"a.csv": LARGE}
RAW = {f"raw/{name}": body for name, body in MANY.items()}
MERGED = b"id,name\n" + b"".join(body.split(b"\n", 1)[1] for body in MANY.values())

SCENARIOS = {
    "down": _down({"raw/a.csv": SMALL}, A_SMALL, "s3://source/raw/a.csv", "{out}/a.csv", "--to", "csv"),
    "web": _down({"raw/a.csv": SMALL}, A_SMALL, "{web}/source/raw/a.csv?sig=" + SECRET, "{out}/a.csv", "--to", "csv"),
    "web-large": _down({"raw/a.csv": LARGE}, A_LARGE, "{web}/source/raw/a.csv?sig=" + SECRET, "{out}/", "--to", "csv", manifest=True),
    "web-merge": _down(RAW, {"m.csv": MERGED}, *(f"{{web}}/source/{key}?token={TOKEN}" for key in sorted(RAW)), "{out}/m.csv", "--to", "csv", "--merge"),
    "down-large": _down({"raw/a.csv": LARGE}, A_LARGE, "s3://source/raw/a.csv", "{out}/a.csv", "--to", "csv"),
    "down-folder": _down(RAW, MANY, "s3://source/raw/", "{out}/", "--to", "csv", manifest=True),
    "down-folder-large": _down({"raw/a.csv": LARGE}, A_LARGE, "s3://source/raw/", "{out}/", "--to", "csv", manifest=True),
    "merge": _down(RAW, {"m.csv": MERGED}, "s3://source/raw/", "{out}/m.csv", "--to", "csv", "--merge"),
    "up": _up(A_SMALL, A_SMALL, "{files}/a.csv", "{out}/a.csv", "--to", "csv"),
    "up-fail": _up(A_SMALL, A_SMALL, "{files}/a.csv", "{out}/a.csv", "--to", "csv", "--overwrite", "fail", old=False),
    "up-skip": _up(A_SMALL, A_SMALL, "{files}/a.csv", "{out}/a.csv", "--to", "csv", "--overwrite", "skip", old=False),
    "up-replace": _up(A_SMALL, A_SMALL, "{files}/a.csv", "{out}/", "--to", "csv", "--overwrite", "replace", manifest=True),
    "up-folder": _up(MANY, MANY, "{files}/", "{out}/", "--to", "csv", manifest=True),
    "up-again": _up(MANY, MANY, "{files}/", "{out}/", "--to", "csv", manifest=True, earlier={name: OLD for name in MANY}),
    "up-large": _up(A_LARGE, A_LARGE, "{files}/a.csv", "{out}/a.csv", "--to", "csv"),
    "up-large-fail": _up(A_LARGE, A_LARGE, "{files}/a.csv", "{out}/a.csv", "--to", "csv", "--overwrite", "fail", old=False),
    "up-torn": _up({"a.csv": TORN}, A_LARGE, "{files}/a.csv", "{out}/a.csv", "--to", "csv", "--row-group-bytes", "256KiB"),
    "up-stale": _up(A_SMALL, {}, "{files}/a.csv", "{out}/", "--to", "csv", "--max-file-bytes", "1kB", old=False, manifest=True, earlier={"a.csv": table(30_000)}),
    "across": _down({"raw/a.csv": SMALL}, A_SMALL, "s3://source/raw/a.csv", "{out}/a.csv", "--to", "csv", remote=True),
    "across-large": _down({"raw/a.csv": LARGE}, A_LARGE, "s3://source/raw/a.csv", "{out}/a.csv", "--to", "csv", remote=True),
    "across-folder": _down(RAW, MANY, "s3://source/raw/", "{out}/", "--to", "csv", remote=True, manifest=True),
}


@dataclasses.dataclass(frozen=True)
class Case:
    scenario: str
    faults: tuple
    want: frozenset  # exit codes
    says: tuple = ()  # in stderr; "a|b" is one of them
    new_too: bool = False  # the work is done though it is not told: the new object may be there after a failure
    spoiled: bool = False  # the service itself keeps something else
    uploads: int = 0  # that may stay open, because their names were never told or ending them is refused
    requests: int = REQUESTS_MAX
    seconds: float = SECONDS_MAX
    long: bool = False
    tries: int = 3
    timeout: str = "2s"
    name: str = ""


def prepare():
    """The checksums of what is large, before somebody with a timeout waits for them."""
    part = s3_server.PART_BYTES_MIN
    for body in (LARGE, *(text[at : at + part] for text in (LARGE, TORN) for at in range(0, len(text), part))):
        crc64nvme.crc64nvme(body)


def run(case, context, folder):
    scenario = SCENARIOS[case.scenario]
    store = s3_server.Store(page_objects=10)
    with s3_server.Server(store, kinds=s3_faults.KINDS) as server:
        out = _lay_out(scenario, store, folder)
        arguments = [a.format(out=out, files=folder / "files", web=server.url) for a in scenario.arguments]
        if scenario.earlier:
            _files(folder, scenario.earlier)
            done = _call(context, folder, server, case, arguments)
            assert done.code == 0, f"the run before: exit {done.code}: {done.err}"
            server.counts.clear()
            scenario = dataclasses.replace(scenario, old=_found(scenario, store, folder)[0])
        _files(folder, scenario.files)
        server.faults = case.faults
        done = _call(context, folder, server, case, arguments)
        server.faults = ()
    found, manifest, odd = _found(scenario, store, folder)
    if not scenario.new:
        scenario = dataclasses.replace(scenario, new=_numbered(found))
    note = f"exit {done.code}, {server.requests} requests, {done.seconds:.1f} s"
    harness.ended(done, case.want, case.seconds)
    played = {kind for _, _, kind in server.log}
    assert any(f.kind in played for f in case.faults), f"{note}: no such request was made, so the row proves nothing"
    _told(case, done, note)
    assert server.requests <= case.requests, f"{note}: {case.requests} requests are enough"
    assert server.trapped == 0, f"{note}: a redirect was followed to another place"
    assert not odd, f"{note}: left behind: {odd}"
    uploads = [u.key for u in store.open_uploads()]
    assert len(uploads) <= case.uploads, f"{note}: uploads left open: {uploads}"
    _proved(case, scenario, done.code, found, manifest, note)
    return note


def _lay_out(scenario, store, folder):
    for key, body in scenario.source.items():
        store.put("source", key, body)
    for name, body in scenario.old.items():
        if scenario.remote:
            store.put(PLACE, f"to/{name}", body)
        else:
            write(folder / "out" / name, body)
    return f"s3://{PLACE}/to" if scenario.remote else str(folder / "out")


def _files(folder, bodies):
    for name, body in bodies.items():
        write(folder / "files" / name, body)


def _call(context, folder, server, case, arguments):
    env = harness.environment(
        AWS_ACCESS_KEY_ID="AKIDHAWSERFAULTS", AWS_SECRET_ACCESS_KEY=SECRET, AWS_SESSION_TOKEN=TOKEN, AWS_REGION="us-east-1",
        AWS_ENDPOINT_URL_S3=server.url, AWS_MAX_ATTEMPTS=str(case.tries), AWS_EC2_METADATA_DISABLED="true", HOME=str(folder),
    )
    # With so little memory a range has 1 MiB and a part 5 MiB.
    command = [context.tool, "convert", *arguments, "--memory", "64MiB", "--threads", "2", "--timeout", case.timeout, "--retry-for", RETRY_FOR]
    return harness.measure(command, folder, int(case.seconds) + 1, env)


def _found(scenario, store, folder):
    """The outputs at the destination by name, the manifest, and what should not be there."""
    if scenario.remote:
        every = {k.removeprefix("to/"): o.body for k, o in store.buckets[PLACE].items()}
    else:
        out = folder / "out"
        every = {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    odd = [n for n in every if n.rpartition("/")[2].startswith(".hawser")]
    return {n: b for n, b in every.items() if n != "_manifest.json" and n not in odd}, every.get("_manifest.json"), odd


def _numbered(found):
    """The right objects of a run into numbered ones: as many as it takes to hold the source's rows
    in their order.
    """
    rows, right = SMALL, {}
    wanted = rows.split(b"\n", 1)[1]
    for name in sorted(found):
        body = found[name].split(b"\n", 1)[1]
        if body and wanted.startswith(body):
            right[name] = found[name]
            wanted = wanted[len(body) :]
    return right if not wanted else {"all rows of the source": rows}


def _told(case, done, note):
    assert SECRET not in done.err and SECRET not in done.out, f"{note}: the secret is printed"
    assert TOKEN not in done.err and TOKEN not in done.out, f"{note}: the session token is printed: {done.err.strip()[:300]}"
    assert (done.code != 0) == ("hawser: error:" in done.err), f"{note}: stderr is {done.err.strip()[-300:]!r}"
    if done.code == 0:
        return
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", done.err), f"{note}: control characters in {done.err!r}"
    for words in case.says:
        assert any(w.lower() in done.err.lower() for w in words.split("|")), f"{note}: stderr does not say {words!r}: {done.err.strip()[:400]}"


def _proved(case, scenario, code, found, manifest, note):
    new, old = scenario.new, scenario.old
    if code == 0:
        wrong = [n for n in new.keys() | found.keys() if found.get(n) != new.get(n)]
        assert not wrong, f"{note}: says done, but wrong: {', '.join(f'{n} ({_what(found.get(n), new, old, n)})' for n in sorted(wrong)[:3])}"
        if scenario.manifest:
            _manifest_proved(manifest, new, note)
        return
    if manifest is not None:
        json.loads(manifest)
    if case.spoiled:
        return
    one = len(new) == 1
    for name in found.keys() | old.keys():
        if name.rpartition("/")[2].startswith("_hawser_journal-"):
            continue  # by which the next run knows what this one has made
        allowed = [old.get(name)]
        if not one or case.new_too:
            allowed.append(new.get(name))
        assert found.get(name) in allowed, f"{note}: {name} is {_what(found.get(name), new, old, name)}"


def _what(body, new, old, name):
    if body is None:
        return "missing"
    if body == new.get(name):
        return "the new one"
    if body == old.get(name):
        return "the old one" if name in new else "a stale one"
    return f"{len(body)} bytes, {body[:40]!r}"


def _manifest_proved(manifest, new, note):
    assert manifest is not None, f"{note}: there is no manifest"
    assert SECRET not in manifest.decode() and TOKEN not in manifest.decode(), f"{note}: the manifest holds a secret"
    entries = {e["path"]: e for e in json.loads(manifest)["objects"]}
    assert entries.keys() == new.keys(), f"{note}: the manifest tells of {sorted(entries.keys() ^ new.keys())[:3]}"
    for name, body in new.items():
        entry = entries[name]
        assert (entry["size"], entry["sha256"]) == (len(body), hashlib.sha256(body).hexdigest()), f"{note}: the manifest lies about {name}"
        assert entry["crc64nvme"] == f"{crc64nvme.crc64nvme(body):016x}", f"{note}: the manifest has another CRC of {name}"


# ------ the table

ONCE, EVER = "1", "1-"
ID = s3_server.REQUEST_ID
SLOW = {"stall", "stall-after-work", "stall-in-middle", "loris-2", "loris-50", "loris-50-head"}

# What a lying reply shows of itself: words of which the message has one.
SHOWN = {
    "html-200": "html", "html-200-etag": "html", "html-206": "html",
    "error-200": "InternalError|<Error", "error-200-etag": "InternalError|<Error",
    "wrong-root": "ListAllMyBucketsResult",
}


def told(operation, kind):
    """What the message has to say of a kind of fault: the status, the request's id, the first bytes
    where there are any.
    """
    words = []
    status = re.match(r"(?:html-|error-|empty-|csv-|redirect-)?([2-5]\d\d)(?:-|$)", kind)
    if status:
        words.append(f"HTTP {status[1]}")
    if kind in SHOWN and operation != "HeadObject":
        words.append(SHOWN[kind])
    if kind in ("html-200", "error-200", "empty-200", "garbage-xml", "wrong-root"):
        words.append(ID)
    return tuple(words)


def rows_of(scenario, operation, calls, want, kinds, **more):
    """A row for every kind. The messages of faults that are tried again for ever are looked at,
    too.
    """
    found = []
    for kind in kinds.split():
        codes = frozenset(want if isinstance(want, (set, frozenset)) else {want})
        fields = dict(more)
        works = s3_faults.KINDS[kind].works and operation in ("PutObject", "CompleteMultipartUpload")
        fields.setdefault("new_too", works)
        if 0 not in codes and "says" not in fields:
            fields["says"] = told(operation, kind)
        if kind in SLOW:
            # Each try that nothing comes of takes the timeout of 1 s, and little more.
            fields.setdefault("tries", 2)
            fields.setdefault("timeout", "1s")
            fields.setdefault("seconds", 8)
            fields.setdefault("long", kind not in ("stall", "loris-50") or operation not in ("GetObject", "PutObject"))
        key = fields.pop("key", "")
        name = f"{scenario}/{operation}{f'({key})' if key else ''}/{kind}@{calls}"
        found.append(Case(scenario, (Fault(operation, kind, calls, key),), codes, name=name, **fields))
    return found


READ_LIES = "html-200 csv-200 error-200 empty-200 201 202 204 299"
OTHER_OBJECTS = "html-200-etag html-206 error-200-etag"  # they may be what the object has become
READ_TORN = "shorter shorter-than-said length-garbage closed closed-in-head closed-in-middle rst rst-in-middle chunked-cut chunked-garbage"
RANGE_LIES = "206-without-range range-shifted range-longer range-total-is-less range-unknown-total range-garbage"  # in a range
PASSING = "500 503 429 html-200 error-200 empty-200 202 closed closed-in-head rst"
REDIRECTS = "redirect-301 redirect-302 redirect-307 redirect-308 redirect-region"
CHANGED = {1, 6}
XML_LIES = "html-200 error-200 empty-200 garbage-xml wrong-root truncated-xml"


def _table():
    yield from rows_of("down", "GetObject", EVER, 1, READ_LIES)
    yield from rows_of("down", "GetObject", EVER, CHANGED, OTHER_OBJECTS, says=("a.csv",))
    yield from rows_of("down", "GetObject", EVER, 1, READ_TORN)
    yield from rows_of("down", "GetObject", EVER, 1, "206-without-range")
    yield from rows_of("down", "GetObject", EVER, 1, "no-etag long-etag other-checksum other-range flipped-bit zeros")
    yield from rows_of("down", "GetObject", EVER, CHANGED, "other-etag 409 412 longer length-negative")
    yield from rows_of("down", "GetObject", EVER, CHANGED, "416", says=())
    yield from rows_of("down", "GetObject", EVER, 1, "500 503 429 slow-down 501 400 stall loris-2 loris-50 loris-50-head stall-in-middle")
    yield from rows_of("down", "GetObject", EVER, 1, "headers-endless informational-flood")
    yield from rows_of("down", "GetObject", EVER, 1, "redirect-301 redirect-302 redirect-307 redirect-308 not-http")
    yield from rows_of("down", "GetObject", EVER, {1, 2}, "redirect-region")
    yield from rows_of("down", "GetObject", EVER, 5, "403 403-echoes-token")
    yield from rows_of("down", "GetObject", EVER, {1, 5}, "403-html")
    yield from rows_of("down", "GetObject", EVER, 1, "error-echoes-token-200")
    yield from rows_of("down", "GetObject", EVER, 6, "404 404-bucket")
    yield from rows_of("down", "GetObject", EVER, 0, "200-ignores-range chunked informational-few headers-many")
    yield from rows_of("down", "GetObject", EVER, {0, 1}, "longer-than-said no-length")
    yield from rows_of("down", "GetObject", ONCE, 0, PASSING + " no-etag csv-200 204 slow-down closed-in-middle rst-in-middle shorter-than-said")
    yield from rows_of("down", "GetObject", ONCE, 0, "chunked-cut stall flipped-bit zeros other-checksum 206-without-range shorter")
    yield from rows_of("down", "GetObject", ONCE, 0, "not-http")
    yield from rows_of("down", "GetObject", ONCE, {0, 1, 6}, "html-200-etag other-etag html-206 error-200-etag")

    yield from rows_of("down", "HeadObject", EVER, 1, "html-200 error-200 empty-200 no-etag 202 204 500 503 closed rst stall")
    yield from rows_of("down", "HeadObject", EVER, CHANGED | {0}, "other-etag size-other size-huge no-length html-200-etag 404-bucket")
    yield from rows_of("down", "HeadObject", EVER, 6, "404")
    yield from rows_of("down", "HeadObject", EVER, 5, "403")
    yield from rows_of("down", "HeadObject", EVER, {1, 2}, "redirect-307 redirect-region")
    yield from rows_of("down", "HeadObject", ONCE, 0, PASSING + " no-etag stall")

    yield from rows_of("down-large", "GetObject", "3-", 1, "html-200 error-200 empty-200 csv-200 202 204 no-etag flipped-bit shorter 500")
    # Zeros are no records: that may be seen before the sum is.
    yield from rows_of("down-large", "GetObject", "3-", {1, 4}, "zeros")
    yield from rows_of("down-large", "GetObject", "3-", {1, 4}, "other-range")
    yield from rows_of("down-large", "GetObject", "3-", 1, RANGE_LIES + " closed-in-middle rst stall loris-50")
    yield from rows_of("down-large", "GetObject", "3-", CHANGED, "other-etag range-other-total 404 412 416 longer")
    yield from rows_of("down-large", "GetObject", "3-", CHANGED, "html-206 html-200-etag", says=("a.csv",))
    yield from rows_of("down-large", "GetObject", "3-", 5, "403 403-echoes-token")
    yield from rows_of("down-large", "GetObject", "3-", {0, 1}, "200-ignores-range")
    yield from rows_of("down-large", "GetObject", "3", 0, PASSING + " no-etag 204 closed-in-middle rst-in-middle shorter shorter-than-said range-shifted stall")
    yield from rows_of("down-large", "GetObject", "4", {0, 1}, "flipped-bit other-range zeros")
    yield from rows_of("down-folder-large", "GetObject", "4", {0, 1}, "flipped-bit other-range")
    yield from rows_of("down-large", "GetObject", EVER, 1, "html-200 error-200 csv-200")
    yield from rows_of("down-large", "GetObject", EVER, CHANGED, "html-200-etag", says=("a.csv",))

    yield from rows_of("down-folder", "ListObjectsV2", EVER, 1, XML_LIES + " entity-xml 202 204 500 503 closed rst stall loris-2")
    yield from rows_of("down-folder", "ListObjectsV2", EVER, {1, 4}, "deep-xml")
    yield from rows_of("down-folder", "ListObjectsV2", EVER, 1, "truncated-upper truncated-one truncated-missing truncated-empty truncated-false")
    yield from rows_of("down-folder", "ListObjectsV2", EVER, 1, "token-missing token-loops no-keys no-sizes sizes-negative sizes-huge")
    yield from rows_of("down-folder", "ListObjectsV2", EVER, 1, "key-outside key-shorter key-with-nul")
    yield from rows_of("down-folder", "ListObjectsV2", EVER, 1, "empty-pages", requests=1100)
    yield from rows_of("down-folder", "ListObjectsV2", EVER, {1, 3, 6}, "key-climbs")
    yield from rows_of("down-folder", "ListObjectsV2", EVER, {0, 1, 3, 6}, "sizes-other etags-other", requests=150)
    yield from rows_of("down-folder", "ListObjectsV2", EVER, {0, 1, 2}, "keys-falling keys-twice")
    yield from rows_of("down-folder", "ListObjectsV2", EVER, 5, "403 403-echoes-token")
    yield from rows_of("down-folder", "ListObjectsV2", EVER, 6, "404-bucket")
    yield from rows_of("down-folder", "ListObjectsV2", EVER, {1, 2}, REDIRECTS)
    yield from rows_of("down-folder", "ListObjectsV2", "2-", 1, "html-200 error-200 empty-200 truncated-upper truncated-missing token-loops key-outside key-shorter 500")
    yield from rows_of("down-folder", "ListObjectsV2", ONCE, 0, PASSING + " garbage-xml wrong-root truncated-xml closed-in-middle stall slow-down")
    yield from rows_of("down-folder", "ListObjectsV2", "2", 0, "html-200 error-200 empty-200 garbage-xml truncated-xml 500 closed-in-middle")
    yield from rows_of("down-folder", "ListObjectsV2", EVER, 0, "chunked informational-few")

    yield from rows_of("down-folder", "GetObject", EVER, {1, 3}, "html-200 error-200 other-range csv-200 500", key="07", says=("07.csv",))
    yield from rows_of("down-folder", "GetObject", EVER, {1, 3, 6}, "other-etag html-200-etag 404", key="07", says=("07.csv",))
    yield from rows_of("down-folder", "GetObject", "5", 0, "html-200 error-200 empty-200 500 closed-in-middle")
    yield from rows_of("down-folder", "GetObject", EVER, {1, 3}, "500 503", requests=250, says=())
    yield from rows_of("merge", "GetObject", EVER, 1, "html-200 error-200 csv-200 empty-200 flipped-bit", key="07", says=("07.csv",))
    yield from rows_of("merge", "GetObject", EVER, CHANGED, "other-etag html-200-etag html-206 404", key="07", says=("07.csv",))
    yield from rows_of("merge", "GetObject", "5", 0, "html-200 error-200 csv-200 500 closed-in-middle")
    yield from rows_of("merge", "ListObjectsV2", "2-", 1, "html-200 truncated-upper truncated-missing key-outside")

    yield from rows_of("up", "PutObject", EVER, 1, "html-200 html-200-etag error-200 error-200-etag empty-200 csv-200 stored-nothing")
    yield from rows_of("up", "PutObject", EVER, 1, "201-with-nothing-done 202-with-nothing-done 203-with-nothing-done 204-with-nothing-done 206-with-nothing-done")
    yield from rows_of("up", "PutObject", EVER, {0, 1}, "no-etag other-checksum long-etag 202 204 500-after-work closed-after-work rst-after-work empty-200-after-work")
    yield from rows_of("up", "PutObject", EVER, 1, "stored-other-bytes", spoiled=True)
    yield from rows_of("up", "PutObject", EVER, 1, "500 503 429 slow-down 501 bad-digest closed rst stall")
    yield from rows_of("up", "PutObject", EVER, {0, 1}, "loris-50-head")
    yield from rows_of("up", "PutObject", EVER, {1, 6}, "409 412 404")
    yield from rows_of("up", "PutObject", EVER, 6, "404-bucket")
    yield from rows_of("up", "PutObject", EVER, 5, "403 403-echoes-token")
    yield from rows_of("up", "PutObject", EVER, {1, 5}, "403-html")
    yield from rows_of("up", "PutObject", EVER, {1, 2}, REDIRECTS)
    yield from rows_of("up", "PutObject", EVER, 0, "informational-few headers-many")
    yield from rows_of("up", "PutObject", ONCE, 0, "html-200 html-200-etag error-200 empty-200 no-etag 202-with-nothing-done 204-with-nothing-done 500 500-after-work 503")
    yield from rows_of("up", "PutObject", ONCE, 0, "429 slow-down bad-digest closed closed-in-head closed-after-work rst rst-after-work stall stall-after-work stored-other-bytes stored-nothing")
    yield from rows_of("up-fail", "PutObject", ONCE, 0, "closed-after-work rst-after-work 500-after-work stall-after-work closed 409 html-200 empty-200")
    yield from rows_of("up-fail", "PutObject", EVER, 6, "412")
    yield from rows_of("up-fail", "HeadObject", EVER, {0, 1, 5}, "html-200 empty-200 403 500 202")
    yield from rows_of("up-skip", "HeadObject", EVER, 1, "html-200 error-200 empty-200 202 204 500 closed")
    yield from rows_of("up-skip", "HeadObject", ONCE, 0, "html-200 error-200 empty-200 202 500 closed")
    yield from rows_of("up", "HeadObject", EVER, {0, 1, 5}, "html-200 403 500 202 no-etag")

    yield from rows_of("up-folder", "PutObject", EVER, 1, "html-200 error-200 empty-200 202-with-nothing-done 500", key="_manifest", says=("_manifest.json",), requests=100)
    yield from rows_of("up-folder", "PutObject", ONCE, 0, "html-200 empty-200 500 closed-after-work", key="_manifest", requests=100)
    yield from rows_of("up-folder", "PutObject", EVER, {1, 3}, "html-200 error-200 empty-200 500", key="07", says=("07.csv",), requests=100)
    yield from rows_of("up-folder", "PutObject", "7", 0, "html-200 empty-200 500 closed-after-work", requests=100)
    yield from rows_of("up-again", "GetObject", EVER, {0, 1}, "html-200 error-200 csv-200 empty-200 500", key="_manifest", requests=100, says=("_manifest.json",))
    yield from rows_of("up-again", "GetObject", ONCE, 0, "html-200 500 closed", key="_manifest", requests=100)
    yield [Case("up-replace", (Fault("GetObject", "403"), Fault("HeadObject", "403"), Fault("ListObjectsV2", "403")), frozenset({0}), name="up-replace/nothing may be read")]

    yield from rows_of("up-large", "CreateMultipartUpload", EVER, 1, XML_LIES.replace("truncated-xml", "") + "202-with-nothing-done 500 503 closed rst stall")
    yield from rows_of("up-large", "CreateMultipartUpload", EVER, 1, "truncated-xml no-upload-id long-upload-id", uploads=3)
    yield from rows_of("up-large", "CreateMultipartUpload", EVER, 5, "403 403-echoes-token")
    yield from rows_of("up-large", "CreateMultipartUpload", EVER, 6, "404-bucket")
    yield from rows_of("up-large", "CreateMultipartUpload", EVER, {1, 2}, "redirect-307 redirect-region")
    yield from rows_of("up-large", "CreateMultipartUpload", ONCE, 0, "html-200 error-200 empty-200 garbage-xml wrong-root 500 503 closed rst")
    yield from rows_of("up-large", "CreateMultipartUpload", ONCE, 0, "closed-after-work 500-after-work truncated-xml", uploads=1)
    yield from rows_of("up-large", "UploadPart", "2-", 1, "html-200 error-200 empty-200 no-etag 202-with-nothing-done 204-with-nothing-done 500 503 closed rst stall")
    yield from rows_of("up-large", "UploadPart", "2-", 1, "stored-other-bytes stored-nothing bad-digest")
    yield from rows_of("up-large", "UploadPart", "2-", {0, 1}, "other-checksum")
    yield from rows_of("up-large", "UploadPart", "2-", 1, "html-200-etag", says=())
    yield from rows_of("up-large", "UploadPart", "2-", {1, 6}, "other-etag 404-upload 404-bucket")
    yield from rows_of("up-large", "UploadPart", "2-", 5, "403 403-echoes-token")
    yield from rows_of("up-large", "UploadPart", "2", 0, "html-200 error-200 empty-200 no-etag 202-with-nothing-done 500 503 closed closed-after-work rst rst-after-work bad-digest stall")
    yield from rows_of("up-large", "CompleteMultipartUpload", EVER, 1, "html-200 error-200 error-200-etag empty-200 garbage-xml wrong-root 202-with-nothing-done 500 503 closed rst stall")
    yield from rows_of("up-large", "CompleteMultipartUpload", EVER, {1, 6}, "404-upload 412 409")
    yield from rows_of("up-large", "CompleteMultipartUpload", EVER, {0, 1}, "truncated-xml no-etag other-checksum 202 500-after-work closed-after-work rst-after-work empty-200-after-work")
    yield from rows_of("up-large", "CompleteMultipartUpload", EVER, 5, "403 403-echoes-token")
    yield from rows_of("up-large", "CompleteMultipartUpload", ONCE, 0, "html-200 error-200 empty-200 garbage-xml wrong-root truncated-xml 500 500-after-work 503 closed closed-after-work rst rst-after-work")
    yield from rows_of("up-large-fail", "CompleteMultipartUpload", ONCE, 0, "closed-after-work 500-after-work 409 html-200")
    yield from rows_of("up-torn", "AbortMultipartUpload", EVER, 4, "500 html-200 closed 403", uploads=1, says=())
    yield from rows_of("up-torn", "AbortMultipartUpload", ONCE, 4, "500 503 closed closed-after-work", says=())

    yield from rows_of("up-stale", "DeleteObject", EVER, {1, 3}, "500 503 closed html-200 202-with-nothing-done", requests=150, says=(), new_too=True)
    yield from rows_of("up-stale", "DeleteObject", EVER, {1, 3, 5}, "403", requests=150, says=(), new_too=True)
    yield from rows_of("up-stale", "DeleteObject", ONCE, 0, "500 503 closed closed-after-work", requests=150)

    yield from rows_of("across", "GetObject", EVER, 1, "html-200 error-200 flipped-bit csv-200 500")
    yield from rows_of("across", "PutObject", EVER, 1, "html-200 error-200 empty-200 202-with-nothing-done 500")
    yield from rows_of("across-large", "GetObject", "4-", 1, "html-200 flipped-bit closed-in-middle 500")
    yield from rows_of("across-large", "UploadPart", "2-", 1, "html-200 500 closed")
    yield from rows_of("across-large", "CompleteMultipartUpload", EVER, 1, "html-200 error-200 500 closed")
    yield from rows_of("across-large", "GetObject", "4", 0, "500 closed-in-middle rst-in-middle")
    yield from rows_of("across-folder", "ListObjectsV2", "2-", 1, "html-200 truncated-upper key-outside", requests=100)
    yield from rows_of("across-folder", "PutObject", EVER, {1, 3}, "html-200 500", key="07", says=("07.csv",), requests=100)
    yield from rows_of("across-folder", "PutObject", "9", 0, "html-200 500 closed-after-work", requests=100)


def rows():
    cases = []
    for entry in _table():
        cases += entry if isinstance(entry, list) else [entry]
    assert len({c.name for c in cases}) == len(cases), "two rows with one name"
    return [harness.Row(c.name, lambda context, folder, c=c: run(c, context, folder), c.long) for c in cases]
