# SPDX-License-Identifier: Apache-2.0
"""The transfer commands against S3 servers, as a user has them: what they write boto3 reads, and what it has written they read."""

import hashlib
import json
import os
import random
import urllib.request

import server as servers
from support import digest, files, write

PART = 5 << 20
PARTS = ("--part-size", "5MiB")
SIZES = {"empty": 0, "one": 1, "small": 100_000, "part": PART, "part-and-byte": PART + 1, "parts": 3 * PART + 12_345}
# An object of more than this is copied by a service in parts.
COPIED_IN_PARTS = (256 << 20) + 1
REMOVED = 1500  # more than a request takes, and than a page lists

COMMON_KEYS = ["a b", "a+b%2B%", "a&b=c", "q?x#y", "\"q\"'q'", "-rf", "ü/日本 €", "new\nline", "star*", "what?", "deep/er/x", "deep-er", "~t:i;l,d@e$", "back\\slash"]

DESCRIBED = {
    "ContentType": "text/x-of-its-own",
    "CacheControl": "max-age=77",
    "ContentDisposition": 'attachment; filename="x y"',
    "ContentLanguage": "de",
    "Metadata": {"owner": "me", "note": "a b"},
}
TAGS = {"team": "data", "a b": "c/d"}


def body(seed, size):
    return random.Random(seed).randbytes(size)


def bucket(server, name):
    server.s3.create_bucket(Bucket=name)
    return name


def put(server, name, bodies, **options):
    bucket(server, name)
    for key, data in bodies.items():
        server.s3.put_object(Bucket=name, Key=key, Body=data, **options)


def got(server, name, key):
    """The bytes of an object."""
    return server.s3.get_object(Bucket=name, Key=key)["Body"].read()


def objects(server, name, prefix=""):
    """The bytes of all objects below a prefix, by their names below it."""
    return {key[len(prefix) :]: got(server, name, key) for key in server.keys(name, prefix)}


def tree(folder):
    """The bytes of all files below a folder, hidden ones too."""
    return {name: (folder / name).read_bytes() for name in files(folder)}


def lines(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def same(found, want):
    """Fails where two sets of objects differ, and says in which names."""
    differs = sorted(name for name in {*found, *want} if found.get(name) != want.get(name))
    assert not differs, f"{len(differs)} differ: {[(n, len(found.get(n, b'')) if n in found else None, len(want.get(n, b'')) if n in want else None) for n in differs[:4]]}"


def etag_in_parts(data, part_bytes):
    """The ETag that S3 gives an upload in parts: the MD5 of the MD5s of the parts, and their number."""
    sums = [hashlib.md5(data[at : at + part_bytes]).digest() for at in range(0, len(data), part_bytes)]
    return f'"{hashlib.md5(b"".join(sums)).hexdigest()}-{len(sums)}"'


def only_skipped(done):
    """Fails where a sync has not left every object as it is."""
    told = lines(done)
    assert told and all(line["status"] == "skipped" for line in told), [line for line in told if line["status"] != "skipped"][:3]


# ------ bytes


def every_size(tool, server, folder):
    bodies = {f"{name}.bin": body(name, size) for name, size in SIZES.items()}
    for name, data in bodies.items():
        write(folder / "in" / name, data)
    bucket(server, "sizes")
    bucket(server, "sizes-too")
    for name, data in bodies.items():
        tool("cp", folder / "in" / name, "s3://sizes/single/", *PARTS)
    same(objects(server, "sizes", "single/"), bodies)
    tool("cp", f"{folder}/in/", "s3://sizes/all/", *PARTS)
    same(objects(server, "sizes", "all/"), bodies)
    for name, data in bodies.items():
        head = server.s3.head_object(Bucket="sizes", Key=f"all/{name}", ChecksumMode="ENABLED")
        want = f'"{hashlib.md5(data).hexdigest()}"' if len(data) <= PART else etag_in_parts(data, PART)
        assert head["ETag"] == want, f"{name}: {head['ETag']}, want {want}"
        assert "ChecksumCRC64NVME" in head and head.get("ChecksumType", "FULL_OBJECT") == "FULL_OBJECT", head
        tool("cp", f"s3://sizes/all/{name}", folder / "single" / name, *PARTS)
    same(tree(folder / "single"), bodies)
    told = lines(tool("cp", "s3://sizes/all/", f"{folder}/back/", "--json", *PARTS))
    same(tree(folder / "back"), bodies)
    # MinIO tells no checksum of some small objects, whose ETags are MD5s.
    proofs = ("crc64nvme", "md5") if server.kind == "minio" else ("crc64nvme",)
    assert {line["source"]: (line["status"], line["size"]) for line in told if line["proved_by"] in proofs} == {
        f"s3://sizes/all/{name}": ("ok", len(data)) for name, data in bodies.items()
    }, told
    for mode in ("direct", "traditional"):
        tool("cp", "s3://sizes/all/", f"s3://sizes-too/{mode}/", "--mode", mode, *PARTS)
        same(objects(server, "sizes-too", f"{mode}/"), bodies)
    assert not server.uploads("sizes") and not server.uploads("sizes-too")


def through_pipes(tool, server, folder):
    bucket(server, "pipes")
    for name in ("empty", "small", "parts"):
        data = body(name, SIZES[name])
        with open(write(folder / name, data), "rb") as given:
            tool("cp", "-", f"s3://pipes/{name}.csv", *PARTS, stdin=given)
        assert got(server, "pipes", f"{name}.csv") == data, name
        assert server.s3.head_object(Bucket="pipes", Key=f"{name}.csv")["ContentType"] == "text/csv"
        assert tool("cp", f"s3://pipes/{name}.csv", "-", text=False, errors=None).stdout == data, name
        assert tool("cat", f"s3://pipes/{name}.csv", text=False, errors=None).stdout == data, name
    tool("cp", "-", "s3://pipes/", want=2, says=("standard input",))
    assert not server.uploads("pipes")


def addresses(tool, server, folder):
    data = body("signed", 70_000)
    bucket(server, "given-out")
    tool("cp", write(folder / "f", data), "s3://given-out/a b+c.csv")
    url = tool("presign", "s3://given-out/a b+c.csv", "--expires", "60s").stdout.strip()
    with urllib.request.urlopen(url) as reply:
        assert reply.read() == data and reply.headers["Content-Type"] == "text/csv"
    tool("cp", url, folder / "by-address")  # the address of an object is a source as well
    assert digest(folder / "by-address") == digest(folder / "f")


# ------ names


def odd_names(tool, server, folder):
    """Every one is another object on each side, and none is taken for an option or a pattern."""
    bodies = {key: key.encode() * 3 for key in COMMON_KEYS}
    for key, data in bodies.items():
        write(folder / "in" / key, data)
    bucket(server, "odd-names")
    tool("cp", f"{folder}/in/", "s3://odd-names/p/")
    same(objects(server, "odd-names", "p/"), bodies)
    tool("cp", "s3://odd-names/p/", "s3://odd-names/q/")
    same(objects(server, "odd-names", "q/"), bodies)
    tool("cp", "s3://odd-names/q/", f"{folder}/out/")
    same(tree(folder / "out"), bodies)
    for key, data in bodies.items():
        tool("cp", "--raw", f"s3://odd-names/q/{key}", folder / "single")
        assert (folder / "single").read_bytes() == data, key
    os.chdir(folder / "in")  # a name that looks like an option
    try:
        tool("cp", "--", "-rf", "s3://odd-names/r/")
    finally:
        os.chdir(servers.ROOT)
    assert objects(server, "odd-names", "r/") == {"-rf": bodies["-rf"]}
    told = lines(tool("sync", f"{folder}/in/", "s3://odd-names/q/", "--json", "--size-only"))
    assert {line["status"] for line in told} == {"skipped"} and len(told) == len(bodies), told
    tool("rm", "s3://odd-names/q/")
    assert server.keys("odd-names", "q/") == [] and len(server.keys("odd-names", "p/")) == len(bodies)


def wildcards_and_filters(tool, server, folder):
    keys = ["wild/a1.csv", "wild/a2.csv.gz", "wild/b/a3.csv", "wild/c.json", "wildness/a4.csv"]
    put(server, "wild-cards", {key: key.encode() for key in keys})
    rows = [
        ("s3://wild-cards/wild/a*", (), {"a1.csv", "a2.csv.gz"}),
        ("s3://wild-cards/wild/*.csv", (), {"a1.csv", "b/a3.csv"}),
        ("s3://wild-cards/w*/a?.csv", (), {"wild/a1.csv", "wildness/a4.csv", "wild/b/a3.csv"}),
        ("s3://wild-cards/wild/", ("--include", "*.csv"), {"a1.csv", "b/a3.csv"}),
        ("s3://wild-cards/wild/", ("--exclude", "*.csv", "--exclude", "*.json"), {"a2.csv.gz"}),
        ("s3://wild-cards/wild/", ("--include", "*.csv", "--exclude", "b/"), {"a1.csv"}),
    ]
    for number, (source, options, want) in enumerate(rows):
        tool("cp", source, f"{folder}/{number}/", *options)
        assert set(files(folder / str(number))) == want, (source, options, files(folder / str(number)))
    tool("cp", "s3://wild-cards/wild/*.parquet", f"{folder}/none/", want=6)
    tool("cp", "s3://wild-cards/wild/a1.csv", "s3://wild-cards/wild/c.json", f"{folder}/two/")
    assert set(files(folder / "two")) == {"a1.csv", "c.json"}
    tool("rm", "s3://wild-cards/wild/*", "--exclude", "*.csv")
    assert {key for key in server.keys("wild-cards") if key.startswith("wild/")} == {"wild/a1.csv", "wild/b/a3.csv"}


def nothing_there(tool, server, folder):
    put(server, "nothing", {"p/x": b"x"})
    tool("cp", "s3://nothing/none", folder / "f", want=6, says=("NoSuchKey",))
    tool("cp", "s3://no-such-bucket-here/none", folder / "f", want=6)
    tool("cp", folder / "missing", "s3://nothing/", want=6)
    tool("cp", write(folder / "there", b"1"), folder / "missing", "s3://nothing/q/", want=3)
    assert objects(server, "nothing", "q/") == {"there": b"1"}
    stranger = type(tool)(tool.path, {**tool.environment, "AWS_SECRET_ACCESS_KEY": "wrong"})
    for words in (["cp", "s3://nothing/p/", f"{folder}/"], ["rm", "s3://nothing/p/"], ["sync", f"{folder}/", "s3://nothing/p/", "--delete"], ["mv", "s3://nothing/p/x", folder / "x"]):
        assert "wrong" not in stranger(*words, want=5).stderr
    assert objects(server, "nothing", "p/") == {"x": b"x"} and not (folder / "f").exists() and not (folder / "x").exists()


# ------ mv, rm, sync


def moves(tool, server, folder):
    bodies = {"a.bin": body("a", 1000), "b/c.bin": body("c", PART + 1), "empty": b""}
    for name, data in bodies.items():
        write(folder / "in" / name, data)
    bucket(server, "moved")
    tool("mv", f"{folder}/in/", "s3://moved/p/", *PARTS)
    same(objects(server, "moved", "p/"), bodies)
    assert files(folder / "in") == []
    tool("mv", "s3://moved/p/", "s3://moved/q/")
    same(objects(server, "moved", "q/"), bodies)
    assert server.keys("moved", "p/") == []
    tool("mv", "s3://moved/q/*", f"{folder}/out/")
    same(tree(folder / "out"), bodies)
    assert server.keys("moved") == []
    tool("mv", folder / "out/a.bin", folder / "elsewhere/a.bin")
    assert (folder / "elsewhere/a.bin").read_bytes() == bodies["a.bin"] and not (folder / "out/a.bin").exists()
    tool("mv", folder / "elsewhere/a.bin", "s3://no-such-bucket-here/", want=6)
    assert (folder / "elsewhere/a.bin").read_bytes() == bodies["a.bin"], "the source is gone, and the target is not there"
    server.s3.put_object(Bucket="moved", Key="k", Body=b"k")
    tool("mv", "s3://moved/k", "s3://moved/k", want=2, says=("the same object",))
    assert got(server, "moved", "k") == b"k"


def removals(tool, server, folder):
    for i in range(REMOVED):
        write(folder / "in" / f"{i % 7}" / f"{i:04d}", b"%d" % i)
    bucket(server, "removed")
    tool("cp", f"{folder}/in/", "s3://removed/p/")
    assert len(server.keys("removed")) == REMOVED
    others = ("p-other/x", "pp", "o")
    for key in others:
        server.s3.put_object(Bucket="removed", Key=key, Body=b"stays")
    tool("rm", "s3://removed/p/3/*", "--dry-run")
    told = lines(tool("rm", "s3://removed/p/3/", "--json"))
    assert len(told) == REMOVED // 7 + (3 < REMOVED % 7) and {line["status"] for line in told} == {"ok"}, len(told)
    tool("rm", "s3://removed/p/")
    assert sorted(server.keys("removed")) == sorted(others)
    tool("rm", "s3://removed/o")
    tool("rm", "s3://removed/o", want=6)
    tool("rm", "s3://removed/p/", want=6)


def state(tool, *words):
    """How many objects a sync has copied, removed and left."""
    told = lines(tool("sync", *words, "--json"))
    kinds = [(line["op"], line["status"]) for line in told]
    return [kinds.count(kind) for kind in (("cp", "ok"), ("rm", "ok"), ("cp", "skipped"))]


def syncs(tool, server, folder):
    bodies = {"a.csv": b"1", "d/b.csv": b"22", "d/e/c.csv": body("c", PART + 3)}
    for name, data in bodies.items():
        write(folder / "in" / name, data)
        os.utime(folder / "in" / name, (1_600_000_000, 1_600_000_000))
    put(server, "synced", {"p/extra": b"x", "p-other/x": b"stays"})
    up = (f"{folder}/in/", "s3://synced/p/", *PARTS)
    assert state(tool, *up) == [3, 0, 0]
    assert state(tool, *up) == [0, 0, 3]
    assert state(tool, *up, "--checksum") == [0, 0, 3]
    assert state(tool, *up, "--delete") == [0, 1, 3]
    over = ("s3://synced/p/", "s3://synced/q/")
    assert state(tool, *over) == [3, 0, 0]
    assert state(tool, *over, "--delete") == [0, 0, 3]
    down = ("s3://synced/q/", f"{folder}/out/", *PARTS)
    assert state(tool, *down) == [3, 0, 0]
    assert state(tool, *down, "--checksum", "--delete") == [0, 0, 3]
    same(tree(folder / "out"), bodies)
    # Other bytes of the same size, and a time that lies: only --checksum can see it.
    write(folder / "in/d/b.csv", b"33")
    os.utime(folder / "in/d/b.csv", (1_600_000_000, 1_600_000_000))
    assert state(tool, *up) == [0, 0, 3]
    assert state(tool, *up, "--checksum") == [1, 0, 2]
    assert got(server, "synced", "p/d/b.csv") == b"33"
    if server.kind == "versitygw":  # which keeps times in whole seconds: within one of them the bytes tell
        second = server.s3.head_object(Bucket="synced", Key="p/a.csv")["LastModified"].timestamp()
        os.utime(folder / "in/a.csv", (second + 0.5, second + 0.5))
        assert state(tool, *up) == [0, 0, 3]
        write(folder / "in/a.csv", b"8")
        os.utime(folder / "in/a.csv", (second + 0.6, second + 0.6))
        assert state(tool, *up) == [1, 0, 2]
    # A newer source of the same size, and one of another size that is older.
    write(folder / "in/a.csv", b"9")
    os.utime(folder / "in/a.csv", (4_000_000_000, 4_000_000_000))
    write(folder / "in/d/b.csv", b"4444")
    os.utime(folder / "in/d/b.csv", (1_500_000_000, 1_500_000_000))
    assert state(tool, *up, "--size-only") == [1, 0, 2]
    assert state(tool, *up) == [1, 0, 2]
    (folder / "in/d/b.csv").unlink()
    write(folder / "in/new.json", b"{}")
    assert state(tool, *up, "--delete", "--exclude", "*.csv") == [1, 0, 0]
    tool("sync", *up, "--delete", "--dry-run")
    assert "p/d/b.csv" in server.keys("synced")
    server.s3.put_object(Bucket="synced", Key="p/more", Body=b"x")
    tool("sync", *up, "--delete", "--max-delete", "1", want=1, says=("would be removed",))
    assert {"p/d/b.csv", "p/more"} <= set(server.keys("synced"))
    assert state(tool, *up, "--delete")[1] == 2
    assert got(server, "synced", "p-other/x") == b"stays"
    assert set(objects(server, "synced", "p/")) == {"a.csv", "d/e/c.csv", "new.json"}


# ------ what describes objects


def description(server, name, key):
    head = server.s3.head_object(Bucket=name, Key=key)
    tags = {tag["Key"]: tag["Value"] for tag in server.s3.get_object_tagging(Bucket=name, Key=key)["TagSet"]}
    return {field: head.get(field) for field in DESCRIBED}, tags


def described_by_options(tool, server, folder):
    bucket(server, "options")
    options = [
        *("--content-type", DESCRIBED["ContentType"], "--cache-control", DESCRIBED["CacheControl"], "--content-disposition", DESCRIBED["ContentDisposition"]),
        *("--content-language", DESCRIBED["ContentLanguage"], "--metadata", "owner=me", "--metadata", "note=a b", "--tagging", "team=data&a%20b=c/d", "--storage-class", "STANDARD"),
    ]
    for name, size in {"single": 10, "parts": PART + 1}.items():
        tool("cp", write(folder / name, body(name, size)), "s3://options/", *options, *PARTS)
        assert description(server, "options", name) == (DESCRIBED, TAGS), (name, description(server, "options", name))
    with open(folder / "single", "rb") as given:
        tool("cp", "-", "s3://options/piped", *options, stdin=given)
    assert description(server, "options", "piped") == (DESCRIBED, TAGS)
    for ending, kind in {"csv": "text/csv", "json": "application/json", "parquet": "application/vnd.apache.parquet", "html": "text/html", "txt": "text/plain", "odd": "application/octet-stream"}.items():
        tool("cp", write(folder / f"x.{ending}", b"1"), "s3://options/")
        assert server.s3.head_object(Bucket="options", Key=f"x.{ending}")["ContentType"] == kind
    tool("cp", "s3://options/single", "s3://options/other", "--content-type", "text/other", "--metadata", "only=this")
    head = server.s3.head_object(Bucket="options", Key="other")
    assert (head["ContentType"], head["Metadata"], head.get("CacheControl")) == ("text/other", {"only": "this"}, DESCRIBED["CacheControl"]), head


def copies_keep_descriptions(tool, server, folder):
    put(server, "described", {"single": body("k", 1000), "parts": body("kk", PART + 1)}, **DESCRIBED, Tagging="team=data&a%20b=c%2Fd")
    bucket(server, "described-too")
    for mode in ("direct", "traditional"):
        for key in ("single", "parts"):
            tool("cp", f"s3://described/{key}", f"s3://described-too/{mode}-{key}.csv", "--mode", mode, *PARTS)
            found = description(server, "described-too", f"{mode}-{key}.csv")
            assert found == (DESCRIBED, TAGS), (mode, key, found)
        tool("cp", "s3://described/", f"s3://described-too/{mode}/", "--mode", mode, *PARTS)
        assert description(server, "described-too", f"{mode}/parts") == (DESCRIBED, TAGS), (mode, "listed")


def copies_in_parts_keep_descriptions(tool, server, folder):
    """So large that a service is asked for parts, as above 5 GiB."""
    with open(folder / "large", "wb") as file:
        file.truncate(COPIED_IN_PARTS)
    put(server, "kept-large", {})
    tool("cp", folder / "large", "s3://kept-large/a", "--part-size", "64MiB", "--metadata", "owner=me", "--content-type", "text/x", "--tagging", "a=b")
    told = lines(tool("cp", "s3://kept-large/a", "s3://kept-large/b", "--json", "--mode", "direct"))
    assert told[0]["way"] == "on-server" and told[0]["size"] == COPIED_IN_PARTS, told
    head = server.s3.head_object(Bucket="kept-large", Key="b")
    assert (head["ContentLength"], head["ContentType"], head["Metadata"]) == (COPIED_IN_PARTS, "text/x", {"owner": "me"}), head
    assert server.s3.get_object_tagging(Bucket="kept-large", Key="b")["TagSet"] == [{"Key": "a", "Value": "b"}]
    tool("cp", "s3://kept-large/b", folder / "back")
    assert digest(folder / "back") == digest(folder / "large")
    tool("rm", "s3://kept-large/*")


def between_services(tool, server, folder):
    """From each server that is here to this one, through the machine, in both directions."""
    bodies = {name: body(name, size) for name, size in SIZES.items()}
    bucket(server, "services")
    for kind in (kind for kind in servers.KINDS if servers.find(kind)):
        with servers.running(folder / kind, kind) as other:
            put(other, "far", bodies, **DESCRIBED)
            tool("cp", "s3://far/", f"s3://services/{kind}/", "--source-endpoint-url", other.url, *PARTS)
            same(objects(server, "services", f"{kind}/"), bodies)
            assert description(server, "services", f"{kind}/parts")[0] == DESCRIBED, description(server, "services", f"{kind}/parts")
            words = ("sync", f"s3://services/{kind}/", "s3://far/back/", "--endpoint-url", other.url, "--source-endpoint-url", server.url, *PARTS)
            tool(*words)
            same(objects(other, "far", "back/"), bodies)
            only_skipped(tool(*words, "--json"))


CASES = {
    "transfer: every size": every_size,
    "transfer: pipes": through_pipes,
    "transfer: addresses": addresses,
    "transfer: odd names": odd_names,
    "transfer: wildcards and filters": wildcards_and_filters,
    "transfer: nothing there": nothing_there,
    "transfer: moves": moves,
    "transfer: removals": removals,
    "transfer: syncs": syncs,
    "transfer: described by options": described_by_options,
    "transfer: copies keep descriptions": copies_keep_descriptions,
    "transfer: copies in parts keep descriptions": copies_in_parts_keep_descriptions,
    "transfer: between services": between_services,
}
