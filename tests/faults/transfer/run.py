#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The transfer commands where an S3 service fails or lies, by the tables of the .faults files here.

    run.py --list                     the names of the rows
    run.py --row NAME                 the rows with this in their name, with what the tool printed
    run.py --tool s5cmd=PATH          another tool, by the same tables; also aws=PATH. May stand again
    run.py --slow                     prints the ten slowest rows too

A line is NAME SCENARIO OUTCOME EXITS [@OPTION...] FAULT[; FAULT...]. A scenario is one of
scenarios.py, EXITS the exit codes that are allowed, and a fault as in
tests/support/fault_server/script.h; "-" is none. Outcomes:

    S   all went well: exactly the right bytes are at the destination
    I   the same, and nothing was done twice: the destination has one new version of each object
    F   nothing is at the destination but what was there before
    W   the destination has one whole version of the object, of those that there were
    P   of many objects, each is a whole old or a whole new one; with a code of success, all are new
    R   the run is killed once a fault was played; the same command again ends well, and moves less
    SF  S where the code is 0, else F; SP likewise
    F*  the code alone, and the options: what is printed may be a part

Whatever the outcome: no upload stays open, no temporary file stays, no redirect is followed to
another place, no secret is printed, a failure has a word on standard error and a success has no
error there, and requests are not repeated without end. Options: @says=TEXT stands on standard error;
@id: a request id does; @requests=N are the most; @uploads=N may stay open; @new: after a failure the new
object may be there; @spoiled: the service itself keeps other bytes; @lost=TEXT: objects with this in their
name are the only ones that stay old; @kept=TEXT: objects with this stay; @clock=S: the server's clock is
S seconds from the true one; @signal=NAME is sent once a fault was played. @keys=none, wrong, unknown, token: what
is wrong with the credentials; process: a program gives them, and others the next time. @nowhere: nobody listens. @tls=trusted, unknown, name (of another host), plain (the
address says http), nofile, nopem (what AWS_CA_BUNDLE names is not there, or is no PEM). @host=NAME stands in the address.
@room=SIZE: the folder of the destination has room for so much; ro: it is read only. @file=grow, shrink, rewrite,
vanish: what happens to the last local file once a fault was played; restless: it is written all the time.
@with=WORD is one more word of hawser's command line. @log: hawser logs all that it does. @seconds=S are the
most that the run takes. @sweep=KIND,KIND...: each of them is played at the first request of a run, in another run
at the second, and so on. @sent=N: the most bytes that the tool sends. @warns=TEXT stands on standard error too, with
"_" for a blank.
"""

import argparse
import atexit
import collections
import contextlib
import concurrent.futures
import dataclasses
import functools
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(HERE), str(ROOT / "tests/support/fault_server")]

import fault_server  # noqa: E402
import signed  # noqa: E402
from scenarios import SCENARIOS, Made  # noqa: E402

KEY_ID, OTHER_KEY_ID, SECRET, TOKEN = "AKIDTRANSFER", "AKIDOTHER", "transfer/SECRET+key/qvXzPmWdKtLbRnYsGh", "FwoGZXIvYXdzEBYaDHqa0AP+TRANSFER/TOKEN=="
SECONDS_MAX, REQUESTS_MAX = 20, 250
SWEPT_MAX = 80  # requests of a run
SIGNAL_SECONDS = 0.3  # after a fault was first played, and before --timeout ends what stalls
ROWS_AT_ONCE = 6
ERROR_LINE = re.compile(r"^(hawser: )?error", re.M | re.I)
REQUEST_ID = re.compile(r"FA[0-9A-F]{14}")
AWS_CONFIG = "[default]\nregion = us-east-1\ns3 =\n  multipart_threshold = 8MB\n  multipart_chunksize = 5MB\n  addressing_style = path\n"


@dataclasses.dataclass(frozen=True)
class Case:
    """A row of a table."""

    name: str
    scenario: str
    outcome: str
    exits: frozenset
    options: dict
    faults: str


def cases():
    for path in sorted(HERE.glob("*.faults")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            words = line.split()
            name, scenario, outcome, exits = words[:4]
            rest = words[4:]
            options = {}
            while rest and rest[0].startswith("@"):
                key, _, value = rest.pop(0)[1:].partition("=")
                options[key] = value
            if scenario not in SCENARIOS or not rest:
                sys.exit(f"{path.name}:{number}: this is no row")
            script = "" if rest == ["-"] else "\n".join(" ".join(rest).split(";"))
            yield Case(name, scenario, outcome, frozenset(int(e) for e in exits.split(",")), options, script)


def commands_of(tool):
    """The commands that a hawser has; those that it has not are skipped."""
    told = subprocess.run([tool, "help"], capture_output=True, text=True, check=False).stdout
    return {line.split()[0] for line in told.splitlines() if re.match(r"^  [a-z]+ ", line)}


def command(kind, tool, words, case):
    if kind == "hawser":
        more = (["--log", "debug"] if "log" in case.options else []) + ([case.options["with"]] if "with" in case.options else [])
        return [tool, words[0], "--timeout", "1s", "--retry-for", "2s", *([] if words[0] == "convert" else ["--connections", "4"]), *more, *(["--part-size", "5MiB"] if words[0] in ("cp", "mv", "pipe", "sync") else []), *words[1:]]
    if kind == "s5cmd":
        return [tool, "--retry-count", "3", words[0], *(["--part-size", "5", "--concurrency", "4"] if words[0] in ("cp", "pipe", "mv") else []), *words[1:]]
    return [tool, "--cli-read-timeout", "2", "--cli-connect-timeout", "2", *words]


@functools.cache
def certificate(name):
    """A certificate of a host, with its key, in a folder that the end of the run removes."""
    folder = tempfile.mkdtemp(prefix="hawser-transfer-tls-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    subject = ["-subj", "/CN=test", "-addext", f"subjectAltName={name}"]
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{folder}/key", "-out", f"{folder}/cert", "-days", "2", *subject]
    subprocess.run(made, check=True, capture_output=True)
    return f"{folder}/cert", f"{folder}/key"


# The hosts of certificates, by what @tls says.
CERTIFIED = {**dict.fromkeys(("trusted", "unknown", "plain", "nofile", "nopem"), "IP:127.0.0.1"), "name": "DNS:elsewhere.example"}


def server_options(case):
    options = ["--account", f"{KEY_ID}:{SECRET}:{TOKEN}", "--account", f"{OTHER_KEY_ID}:{SECRET}:{TOKEN}", "--page-max", "5", *SCENARIOS[case.scenario].server]
    if "tls" in case.options:
        options += ["--tls", ",".join(certificate(CERTIFIED[case.options["tls"]]))]
    return options


# What is wrong with the keys: the id, the secret and the token that a run gets.
KEYS = {"none": None, "process": None, "wrong": (KEY_ID, "another", TOKEN), "unknown": ("AKIDNOBODY", SECRET, TOKEN), "token": (KEY_ID, SECRET, "another")}


def environment(case, kind, server, folder):
    """No profile of the machine leads a run elsewhere."""
    told = {"Version": 1, "SecretAccessKey": SECRET, "SessionToken": TOKEN, "Expiration": "2099-01-01T00:00:00Z"}
    for name in ("first", "other"):
        (folder / name).write_text(json.dumps(told | {"AccessKeyId": KEY_ID if name == "first" else OTHER_KEY_ID}))
    # It gives keys once, and others from then on.
    (folder / "keys.sh").write_text(f"if mkdir {folder}/asked 2>/dev/null; then cat {folder}/first; else cat {folder}/other; fi\n")
    process = f"credential_process = /bin/sh {folder}/keys.sh\n" if case.options.get("keys") == "process" else ""
    (folder / "config").write_text(AWS_CONFIG + process)
    keys = KEYS[case.options["keys"]] if "keys" in case.options else (KEY_ID, SECRET, TOKEN)
    url = server.url
    if "nowhere" in case.options:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    elif case.options.get("tls") == "plain":
        url = url.replace("https:", "http:")
    more = {"AWS_CONFIG_FILE": str(folder / "config"), "AWS_ENDPOINT_URL_S3": url, "S3_ENDPOINT_URL": url, "HOME": str(folder), "TMPDIR": str(folder / "tmp")}
    if "host" in case.options:
        more["AWS_ENDPOINT_URL_S3"] = more["S3_ENDPOINT_URL"] = url.replace("127.0.0.1", case.options["host"])
    if kind == "aws":
        more |= {"AWS_MAX_ATTEMPTS": "4", "AWS_RETRY_MODE": "standard"}
    if case.options.get("tls") in ("trusted", "name"):
        more["AWS_CA_BUNDLE"] = certificate(CERTIFIED[case.options["tls"]])[0]
    elif case.options.get("tls") in ("nofile", "nopem"):
        more["AWS_CA_BUNDLE"] = str(folder / ("none.pem" if case.options["tls"] == "nofile" else "first"))
    result = server.environment(*(keys or ("", ""))[:2], **more)
    if keys:
        result["AWS_SESSION_TOKEN"] = keys[2]
    else:
        del result["AWS_ACCESS_KEY_ID"], result["AWS_SECRET_ACCESS_KEY"]
    return result


class Skipped(Exception):
    """The row says nothing of a tool."""


@dataclasses.dataclass
class Done:
    code: int
    out: bytes
    err: str
    seconds: float


def call(words, env, stdin, act=None, ready=None):
    """Runs a tool to its end. `act` is called with its process once ready() says so."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as given:
        given.write(stdin)
        given.seek(0)
        with subprocess.Popen(words, stdin=given, stdout=out, stderr=err, env=env, start_new_session=True) as process:
            while act and process.poll() is None and not ready() and time.monotonic() - start < SECONDS_MAX:
                time.sleep(0.02)
            if act:
                act(process)
            try:
                code = process.wait(SECONDS_MAX)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                code = process.wait()
        for file in (out, err):
            file.seek(0)
        return Done(code, out.read(), err.read().decode(errors="replace"), time.monotonic() - start)


def signals(name):
    """What sends a signal, a little later."""

    def act(process):
        time.sleep(SIGNAL_SECONDS)
        process.send_signal(getattr(signal, name))

    return act


def mount(*words):
    """Whether a mount was made."""
    return subprocess.run(["mount", *words], capture_output=True, check=False).returncode == 0


class Ground:
    """A server and a folder with what a scenario wants."""

    def __init__(self, case, server, folder):
        scenario = SCENARIOS[case.scenario]
        self.scenario, self.server, self.folder = scenario, server, folder
        self.changed = []  # further versions that a local file had
        self.limit = []  # words before a command
        self.out, self.files = folder / "out", folder / "files"
        for path in (self.out, self.files, folder / "tmp"):
            path.mkdir()
        room = case.options.get("room", "")
        self.mounted = bool(room) and mount("-t", "tmpfs", "-o", "size=1m" if room == "ro" else f"size={room}", "tmpfs", str(self.out))
        for bucket in ("source", "destination"):
            server.bucket(bucket, **{**({"versions": 1} if bucket == "destination" else {}), **scenario.buckets.get(bucket, {})})
        options = dict(scenario.options)
        headers = options.pop("headers", None)
        for key, data in scenario.source.items():
            if isinstance(data, Made):
                server.put("source", key, made=data)
            else:
                server.put("source", key, data, headers, **options)
        for name, data in scenario.files.items():
            (self.files / name).write_bytes(data)
        for name, data in scenario.old.items():
            if scenario.remote:
                server.put("destination", scenario.prefix + name, data, modified=1_700_000_000)
            else:
                (self.out / name).write_bytes(data)
                os.utime(self.out / name, (1_700_000_000, 1_700_000_000))

        self.bytes_before = server.state()["bytes_in"]
        if scenario.script:
            (folder / "commands").write_text(scenario.script.format(out=self.out, files=self.files))
        if room == "ro" and not (self.mounted and mount("-o", "remount,ro", str(self.out))):
            raise Skipped("there is no folder that is read only")
        if room and not self.mounted:
            self.limit = ["prlimit", f"--fsize={1 << 20}"]

    def release(self):
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.out)], check=False)

    def file_acts(self, kind):
        """What does something to the last local file."""
        path = self.files / sorted(self.scenario.files)[-1]
        data = self.scenario.files[path.name]
        flipped = bytearray(data)
        flipped[len(data) // 2] ^= 1
        versions = {"grow": data + b"more", "shrink": data[: len(data) // 2], "rewrite": bytes(flipped)}
        self.changed = [versions[kind]] if kind in versions else []

        def act(process):
            if kind == "vanish":
                path.unlink()
            elif kind == "shrink":
                os.truncate(path, len(versions[kind]))
            elif kind == "restless":
                while process.poll() is None:
                    with path.open("r+b") as file:
                        file.write(data[:1])
                    time.sleep(0.01)
            else:
                with path.open("r+b") as file:
                    file.write(versions[kind])

        return act

    def played(self):
        return any(fault["played"] for fault in self.server.state()["faults"])

    def digests(self, bodies):
        """What found() gives where these are at the destination."""
        if any(isinstance(data, Made) for data in self.scenario.new.values()):
            return {name: int(data) if isinstance(data, Made) else len(data) for name, data in bodies.items()}
        return {name: hashlib.sha256(data).hexdigest() for name, data in bodies.items()}

    def found(self):
        """The digests of what is at the destination, by name; its sizes where these alone count."""
        if any(isinstance(data, Made) for data in self.scenario.new.values()):
            return {key: entry["size"] for key, entry in self.server.list("destination", sizes_only=True).items()}
        if self.scenario.remote:
            return {key: entry["sha256"] for key, entry in self.server.list("destination").items()}
        return {str(p.relative_to(self.out)): hashlib.sha256(p.read_bytes()).hexdigest() for p in self.out.rglob("*") if p.is_file()}

    def versions(self):
        """How many versions each key of the destination has; the one from before is not counted."""
        signer = signed.Signer(self.server.url, fault_server.KEY_ID, fault_server.SECRET)
        listed = signer.send("GET", "/destination", [("versions", "")]).body.decode()
        counts = collections.Counter(re.findall(r"<Key>(.*?)</Key>", listed))
        return {key: count - (key in self.scenario.old) for key, count in counts.items()}


def differs(found, want):
    """What is not as it should be, in a few words; "" where all is."""
    missing, more = sorted(set(want) - set(found)), sorted(set(found) - set(want))
    other = sorted(name for name in set(found) & set(want) if found[name] != want[name])
    return "; ".join(f"{what}: {', '.join(names[:4])}" for what, names in (("missing", missing), ("not wanted", more), ("other bytes", other)) if names)


def prove_success(case, ground, done):
    scenario = ground.scenario
    if scenario.stdout is not None:
        wrong = done.out != scenario.stdout if isinstance(scenario.stdout, bytes) else not all(part in done.out for part in scenario.stdout)
        assert not wrong, f"other bytes were printed: {len(done.out)}"
    problem = differs(ground.found(), ground.digests(scenario.new))
    assert not problem, f"said to be done: {problem}"
    if scenario.moves:
        left = {**ground.server.list("source"), **dict.fromkeys(os.listdir(ground.files))}
        assert not left, f"not moved: {list(left)}"


def prove_failure(case, ground, done):
    scenario, found = ground.scenario, ground.found()
    allowed = [ground.digests(scenario.old)] + ([ground.digests(scenario.new)] if "new" in case.options else [])
    if "spoiled" not in case.options:
        assert found in allowed, f"after a failure: {differs(found, allowed[0])}"
    if scenario.moves:
        assert ground.server.list("source") or os.listdir(ground.files), "the source is gone, though it was not moved"


def prove_whole(case, ground, done):
    """One version of those that there were: the old one, the source, or what it was replaced by."""
    for name, data in ground.scenario.new.items():
        other = bytearray(data)
        other[len(other) // 2] ^= 1
        allowed = {hashlib.sha256(d).hexdigest() for d in (data, bytes(other), *ground.changed, *([ground.scenario.old[name]] if done.code and name in ground.scenario.old else []))}
        found = ground.found().get(name)
        assert found in allowed or (found is None and done.code and name not in ground.scenario.old), "a mixture of versions, or the old one as if it were new"


def prove_parts(case, ground, done):
    scenario, found = ground.scenario, ground.found()
    old, new = ground.digests(scenario.old), ground.digests(scenario.new)
    if done.code == 0 and "kept" not in case.options:
        return prove_success(case, ground, done)
    for name in set(old) | set(new) | set(found):
        assert found.get(name) in (old.get(name), new.get(name)), f"neither old nor new: {name}"
    if "lost" in case.options:
        stale = sorted(name for name in set(old) | set(new) if found.get(name) != new.get(name))
        wrong = [name for name in stale if case.options["lost"] not in name and case.options.get("kept", "\0") not in name]
        assert not wrong, f"given up too: {wrong[:5]}"
        assert any(case.options["lost"] in name for name in stale), "the one that must fail did not"
    return None


def prove_again(case, ground, done):
    assert not ground.scenario.old or done.code == 0
    prove_success(case, ground, done)


def prove_once(case, ground, done):
    prove_success(case, ground, done)
    if ground.scenario.remote:
        twice = {key: count for key, count in ground.versions().items() if count != 1 and key in ground.scenario.new}
        assert not twice, f"not one new version: {twice}"


def prove(case, ground, done):
    outcome = case.outcome
    if len(outcome) == 2 and outcome[1] in "FP":
        outcome = "S" if done.code == 0 else outcome[1]
    proofs = {"S": prove_success, "I": prove_once, "F": prove_failure, "W": prove_whole, "P": prove_parts, "R": prove_again, "F*": lambda *_: None}
    proofs[outcome](case, ground, done)


def prove_manners(case, ground, done, kind):
    """What holds whatever happens."""
    state, text = ground.server.state(), done.out.decode(errors="replace") + done.err
    assert SECRET not in text and TOKEN not in text, "a secret is printed"
    assert state["trapped"] == 0, "a redirect was followed to another place"
    assert len(state["uploads"]) <= int(case.options.get("uploads", 0)), f"{len(state['uploads'])} uploads stay open"
    sent = state["bytes_in"] - ground.bytes_before
    assert sent <= int(case.options.get("sent", sent)), f"{sent} bytes were sent"
    requests = sum(state["requests"].values())
    assert requests <= int(case.options.get("requests", REQUESTS_MAX)), f"{requests} requests"
    assert done.code == 0 or done.err.strip(), "a failure without a word"
    assert done.code != 0 or not ERROR_LINE.search(done.err), f"a success with an error: {done.err[:200]}"
    left = [str(p.relative_to(ground.folder)) for p in (ground.folder / "tmp").rglob("*")]
    odd = [p for p in ground.out.rglob("*") if p.is_file() and p.name not in {*ground.scenario.new, *ground.scenario.old}] if not ground.scenario.remote else []
    assert not left and not odd, f"left behind: {left[:3]} {[p.name for p in odd][:3]}"
    if kind == "hawser":
        says = case.options.get("says")
        assert not says or says in done.err, f"does not say {says}: {done.err.strip()[-300:]}"
        warns = case.options.get("warns", "").replace("_", " ")
        assert warns in done.err, f"does not warn of {warns}: {done.err.strip()[-300:]}"
        assert "id" not in case.options or REQUEST_ID.search(done.err), f"does not say the request id: {done.err.strip()[-300:]}"
    for key in [k for k in ground.scenario.old if case.options.get("kept", "\0") in k]:
        assert key in ground.found(), f"{key} was deleted"


def run_killed(case, ground, words, env, kind):
    """The run is killed; then the same command goes on where it was."""
    call(words, env, ground.scenario.stdin, signals("SIGKILL"), ground.played)
    before = ground.server.state()
    ground.server.faults("")
    done = call(words, env, ground.scenario.stdin)
    after = ground.server.state()
    size = sum(map(len, ground.scenario.new.values()))
    moved = max(after["bytes_in"] - before["bytes_in"], after["bytes_out"] - before["bytes_out"])
    assert done.code != 0 or moved < size * 3 // 4, f"{moved} bytes of {size} were moved again"
    return done


def run_case(case, kind, tool, folder, must_hit=True):
    """Runs a row and proves it. Whether a fault was played at all."""
    scenario = SCENARIOS[case.scenario]
    with fault_server.running(*server_options(case)) as server, contextlib.ExitStack() as later:
        ground = Ground(case, server, folder)
        later.callback(ground.release)
        server.faults(case.faults)
        server.clock(float(case.options.get("clock", 0)))
        words = command(kind, tool, [w.format(out=ground.out, files=ground.files, script=folder / "commands") for w in scenario.commands[kind]], case)
        words = [*ground.limit, *words]
        env = environment(case, kind, server, folder)
        if case.outcome == "R":
            done = run_killed(case, ground, words, env, kind)
        else:
            act = signals(case.options["signal"]) if "signal" in case.options else None
            act = ground.file_acts(case.options["file"]) if "file" in case.options else act
            done = call(words, env, scenario.stdin, act, ground.played)
        assert done.seconds <= float(case.options.get("seconds", SECONDS_MAX)), f"took {done.seconds:.1f} s"
        assert done.code != -signal.SIGKILL, f"hangs: killed after {SECONDS_MAX} s"
        assert done.code >= 0, f"died by signal {-done.code}"
        state = server.state()
        hit = any(f["played"] for f in state["faults"])
        if case.faults and case.outcome != "R" and must_hit:
            if not hit and kind != "hawser":
                raise Skipped("it makes no such request")
            assert hit, f"exit {done.code}: no such request was made, so the row proves nothing: {state['requests']} {done.err.strip()[-200:]}"
        server.clock(0)
        if kind == "hawser":
            assert done.code in case.exits, f"exit {done.code}, want {' or '.join(map(str, sorted(case.exits)))}: {done.err.strip()[-300:]}"
        else:
            assert (done.code == 0) == (0 in case.exits) or {0, 1} <= case.exits, f"exit {done.code}: {done.err.strip()[-200:]}"
        prove(case, ground, done)
        prove_manners(case, ground, done, kind)
        return hit


def run_swept(case, kind, tool, folder):
    """Plays each kind at the first request, at the second, and so on, until a run makes no such request."""
    for fault in case.options["sweep"].split(","):
        for number in range(1, SWEPT_MAX + 1):
            within = folder / f"{fault}-{number}"
            within.mkdir()
            one = dataclasses.replace(case, faults=f"* {number} * {fault}")
            try:
                if not run_case(one, kind, tool, within, must_hit=False):
                    break
            except AssertionError as error:
                raise AssertionError(f"{fault} at request {number}: {error}") from None
            shutil.rmtree(within)
        else:
            raise AssertionError(f"more than {SWEPT_MAX} requests")


def run_row(case, kind, tool, known):
    """The word for what came of a row, what was wrong, and how long it took."""
    start = time.monotonic()
    scenario = SCENARIOS[case.scenario]
    if not scenario.commands[kind]:
        return case, "SKIPPED", f"{kind} has no such command", 0
    if kind == "hawser" and scenario.commands[kind][0] not in known:
        return case, "SKIPPED", f"hawser has no {scenario.commands[kind][0]}", 0
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hawser-transfer-"))
    try:
        (run_swept if "sweep" in case.options else run_case)(case, kind, tool, folder)
        return case, "ok", "", time.monotonic() - start
    except Skipped as reason:
        return case, "SKIPPED", str(reason), time.monotonic() - start
    except AssertionError as error:
        return case, "FAILED", str(error), time.monotonic() - start
    except Exception as error:  # whatever a row throws is its failure, not the end of the run
        return case, "FAILED", repr(error), time.monotonic() - start
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_tool(kind, tool, rows, every, slow):
    """All rows by a tool; how many passed, failed and were skipped."""
    known = commands_of(tool) if kind == "hawser" else set()
    counts, start, taken = collections.Counter(), time.monotonic(), []
    rows = sorted(rows, key=lambda row: "sweep" not in row.options)  # those that take long begin first
    with concurrent.futures.ThreadPoolExecutor(ROWS_AT_ONCE) as pool:
        for case, word, said, seconds in pool.map(lambda row: run_row(row, kind, tool, known), rows):
            counts[word] += 1
            taken.append((seconds, case.name))
            if word == "FAILED" or every:
                print(f"{word} {kind}: {case.name} ({seconds:.1f} s){': ' + ' | '.join(said.splitlines()) if said else ''}", flush=True)
    print(f"-- {kind}: {len(rows)} rows, {counts['ok']} as they should be, {time.monotonic() - start:.0f} s", flush=True)
    if slow:
        print("\n".join(f"   {seconds:.1f} s {name}" for seconds, name in sorted(taken, reverse=True)[:10]))
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hawser", nargs="?", default=os.environ.get("HAWSER", str(ROOT / "build/release/src/cli/hawser")), help="the tool")
    parser.add_argument("--row", default="", help="rows with this in their name or scenario")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("--tool", action="append", default=[], metavar="KIND=PATH", help="in place of hawser: hawser, s5cmd, aws")
    args = parser.parse_args()
    rows = [case for case in cases() if args.row in case.name or args.row == case.scenario]
    names = collections.Counter(case.name for case in rows)
    assert max(names.values(), default=0) < 2, f"names that stand twice: {[n for n, c in names.items() if c > 1]}"
    if args.list:
        print("\n".join(f"{case.name}: {case.scenario}, {case.outcome}" for case in rows))
        return
    if not fault_server.find():
        print("SKIPPED transfer: hawser-fault-server is not built")
        sys.exit(77)
    tools = [tool.split("=", 1) for tool in args.tool] or [["hawser", args.hawser]]
    total = collections.Counter()
    for name in CERTIFIED.values():
        certificate(name)  # before rows that run side by side ask for them
    scores = []
    for kind, tool in tools:
        counts = run_tool(kind, os.path.abspath(tool), rows, every=bool(args.row), slow=args.slow)
        scores.append(f"{kind}: {counts['ok']} of {counts['ok'] + counts['FAILED']} rows")
        total += counts
    if len(scores) > 1:
        print("\n".join(scores))
    print(f"{total['ok']} passed, {total['FAILED']} failed" + (f", {total['SKIPPED']} skipped" if total["SKIPPED"] else ""))
    sys.exit(1 if total["FAILED"] else 0)


if __name__ == "__main__":
    main()
