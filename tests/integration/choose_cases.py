# SPDX-License-Identifier: Apache-2.0
"""Which objects are meant, and what they are called: lists, base names, symbolic links. The server is hawser-fault-server."""

import fault_servers
from fault_servers import lines


def keys(s3, prefix=""):
    return sorted(e["Key"] for e in s3.list_objects_v2(Bucket="b", Prefix=prefix).get("Contents", []))


def write(path, body=b"x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


def lists_name_sources(tool, server, s3, folder):
    for name in ("d/a", "d/e/b", "d/e/c d", "d/*", "other"):
        write(folder / name, name.encode())
    listed = write(folder / "list", b"a\r\n./e/b\n\n*\n")
    tool("cp", folder / "d/", "s3://b/p/", "--files-from", listed)
    assert keys(s3) == ["p/*", "p/a", "p/e/b"]
    assert s3.get_object(Bucket="b", Key="p/e/b")["Body"].read() == b"d/e/b"
    # Without a folder each path stands for itself, and keeps its base name.
    by_nul = write(folder / "by nul", f"{folder}/d/e/c d\0s3://b/p/a\0".encode())
    with by_nul.open("rb") as source:
        tool("cp", "--files-from", "-", "--from0", folder / "out/", stdin=source)
    assert sorted(p.name for p in (folder / "out").iterdir()) == ["a", "c d"]
    # What is wrong with one path is told, and the others are copied.
    bad = write(folder / "bad", b"a\n../other\nnone\n/etc/passwd\ne/\n")
    done = tool("cp", folder / "d/", "s3://b/q/", "--files-from", bad, want=3)
    assert keys(s3, "q/") == ["q/a"] and done.stderr.count("leads out of the folder") == 2, done.stderr
    tool("cp", folder / "d/*", "s3://b/q/", "--files-from", listed, want=2)
    tool("cp", folder / "d/", "-", "--files-from", listed, want=2)
    tool("cp", folder / "d/", "s3://b/q/", "--files-from", folder / "none", want=6)
    tool("cp", folder / "d/", "s3://b/q/", "--files-from", write(folder / "empty", b"\n"), want=6)
    tool("cp", folder / "d/", "s3://b/q/", "--from0", want=2)
    # Two paths that become one name.
    twice = write(folder / "twice", f"{folder}/d/a\n{folder}/d/a\n".encode())
    tool("cp", "--files-from", twice, "s3://b/r/", want=3, says=("another object",))


def lists_name_what_moves_and_goes(tool, server, s3, folder):
    for key in ("m/a", "m/b", "m/c/d", "n/a"):
        s3.put_object(Bucket="b", Key=key, Body=key.encode())
    tool("mv", "s3://b/m/", folder / "out/", "--files-from", write(folder / "list", b"a\nc/d\n"))
    assert keys(s3, "m/") == ["m/b"] and (folder / "out/c/d").read_bytes() == b"m/c/d"
    would = lines(tool("rm", "s3://b/m/", "--files-from", write(folder / "one", b"b\n"), "--dry-run", "--json"))
    assert [(e["path"], e["status"]) for e in would] == [("s3://b/m/b", "would")] and keys(s3, "m/") == ["m/b"]
    tool("rm", "s3://b/m/", "--files-from", folder / "one")
    paths = write(folder / "paths", f"s3://b/n/a\n{folder}/out/a\ns3://b/none\n".encode())
    assert len(lines(tool("rm", "--files-from", paths, "--json"))) == 3
    assert keys(s3, "m/") == keys(s3, "n/") == [] and not (folder / "out/a").exists()
    tool("rm", "--files-from", write(folder / "folders", b"s3://b/q/\n"), want=2)


def base_names_alone(tool, server, s3, folder):
    for name in ("a/1", "b/2", "c/d/3"):
        write(folder / "in" / name, name.encode())
    tool("cp", folder / "in/", "s3://b/f/", "--flatten")
    assert keys(s3, "f/") == ["f/1", "f/2", "f/3"]
    write(folder / "in/e/1", b"another")
    tool("cp", folder / "in/", folder / "flat/", "-f", want=3, says=('"1" is the name of another object',))
    assert (folder / "flat/1").read_bytes() == b"a/1" and (folder / "flat/3").read_bytes() == b"c/d/3"


def links_are_followed_or_left_out(tool, server, s3, folder):
    write(folder / "in/a")
    write(folder / "far/b")
    (folder / "in/link").symlink_to("a")
    (folder / "in/there").symlink_to("../far")
    (folder / "in/loop").symlink_to(".")
    (folder / "named").symlink_to("in")
    tool("cp", folder / "in/", "s3://b/l/")
    assert keys(s3, "l/") == ["l/a", "l/link", "l/there/b"]
    done = tool("cp", folder / "in/", "s3://b/n/", "--no-follow-symlinks")
    assert keys(s3, "n/") == ["n/a"] and "3 symbolic links left out" in done.stderr, done.stderr
    tool("sync", folder / "named/", "s3://b/s/", "--no-follow-symlinks")
    assert keys(s3, "s/") == ["s/a"]
    tool("cp", folder / "in/link", "s3://b/single", "--no-follow-symlinks")
    assert keys(s3, "single") == ["single"]


CASES = fault_servers.cases((lists_name_sources, lists_name_what_moves_and_goes, base_names_alone, links_are_followed_or_left_out), "--bucket", "b")
