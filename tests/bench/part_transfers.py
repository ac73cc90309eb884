# SPDX-License-Identifier: Apache-2.0
"""Transfers to and from S3 beside s5cmd, rclone, boto3 over the AWS Common Runtime, and the AWS CLI.

All of them talk to the same server on this machine, hawser-fault-server, which forgets what it is sent and makes up what
it gives, so that it takes little of the processors; its CPU seconds stand beside those of the tools. Files lie in memory.
"""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from running import ROOT, Failed, files_of, take_turns, timed, timed_inside

import transfer_tools

sys.path.insert(0, str(ROOT / "tests/support/fault_server"))
import fault_server  # noqa: E402  (the path comes first)

NAMES = ("", "seconds", "spread", "CPU s", "server CPU s", "peak MB", "time x", "CPU x", "memory x")
BUCKET = "s3://bench-data"
MIB = 1 << 20
LISTED_KEYS = 1_000_000
REMOVED_KEYS = 10_000
TICKS = os.sysconf("SC_CLK_TCK")


class Sizes:
    """What is moved: all of it, or less of it for a quick look."""

    def __init__(self, quick):
        self.one = (256 if quick else 1024) * MIB
        self.eighth = (64 if quick else 256) * MIB
        self.small = 1000 if quick else 5000
        self.middle = 100 if quick else 500
        self.same = 2000 if quick else 10_000


def transfers(bench, report):
    if not fault_server.find():
        report.paragraph("Left out: there is no hawser-fault-server. The preset check builds it.")
        return
    with tempfile.TemporaryDirectory(prefix="hawser-bench-", dir=memory_folder(bench)) as folder:
        sizes, folder = Sizes(bench.quick), pathlib.Path(folder)
        sources_make(folder, sizes)
        plain(bench, report, folder, sizes)
        over_tls(bench, report, folder, sizes)


def memory_folder(bench):
    """A folder in memory, unless --outputs says where to."""
    shared = pathlib.Path("/dev/shm")
    own = bench.outputs.parent != bench.data
    return bench.outputs if own or not shared.is_dir() else shared


def sources_make(folder, sizes):
    block = os.urandom(MIB)
    (folder / "out").mkdir()
    file_make(folder / "one", block, sizes.one)
    file_make(folder / "eight/0", block, sizes.eighth)
    for i in range(1, 8):
        os.link(folder / "eight/0", folder / f"eight/{i}")
    for name, count, size in (("small", sizes.small, 10 * 1024), ("middle", sizes.middle, MIB), ("same", sizes.same, 1024)):
        for i in range(count):
            file_make(folder / f"{name}/{i:06}.bin", block, size)


def file_make(path, block, size):
    path.parent.mkdir(exist_ok=True)
    with open(path, "wb") as file:
        for _ in range(max(1, size // len(block))):
            file.write(block[:size])


# ------ the contests

class Service:
    """A running server, the tools that use it, and what a contest needs of both."""

    def __init__(self, bench, report, folder, server, certificate=None):
        self.bench, self.report, self.server, self.out = bench, report, server, folder / "out"
        self.environment = transfer_tools.environment(server, certificate)
        self.tools, self.missing = transfer_tools.found(bench, server.url)

    def fill(self, *sources):
        """Puts what downloads, copies and comparisons find at the service."""
        for source in sources:
            target = f"{BUCKET}/{source.name}{'/' if source.is_dir() else ''}"
            timed(self.tools["Hawser"]("copy", [name_of(source)], target), self.environment)

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def once(self, words, files):
        """One run of a command. Where it downloads, so many files must have come."""
        remove_below(self.out)
        before = self.cpu()
        inside = transfer_tools.tells_its_own(words)
        figures = timed_inside(words, self.environment) if inside else timed(words, self.environment, keeps_output=False)[0]
        figures["server"] = self.cpu() - before
        came = len(files_of(self.out))
        if files is not None and came != files:
            raise Failed(f"{words[0]}: {came} files came, not {files}")
        return figures

    def contest(self, title, verb, sources, target, files=None, without=()):
        commands = {name: words(verb, [name_of(source) for source in sources], target and name_of(target))
                    for name, words in self.tools.items() if name not in without}
        contenders = {name: lambda words=words: self.once(words, files) for name, words in commands.items() if words}
        medians = take_turns(contenders, self.bench.runs)
        show(self.report, title, medians)
        self.bench.record("transfers", workload=title, medians=medians)


def name_of(place):
    """A folder is named with a / at its end."""
    return f"{place}/" if isinstance(place, pathlib.Path) and place.is_dir() else str(place)


def remove_below(folder):
    shutil.rmtree(folder)
    folder.mkdir()


def show(report, title, medians):
    own = medians["Hawser"]
    rows = []
    for name, m in medians.items():
        ratios = [f"{m[key] / max(own[key], 0.001):.2f}" for key in ("seconds", "cpu", "rss")]
        rows.append([name, f"{m['seconds']:.2f}", f"{100 * m['spread']:.0f} %", f"{m['cpu']:.2f}", f"{m['server']:.2f}",
                     f"{m['rss'] / MIB:.0f}", *ratios])
    report.table(f"**{title}**; the last three are multiples of the first row's:", NAMES, rows)


# ------ the workloads

def plain(bench, report, folder, sizes):
    made = [f"removed?keys={REMOVED_KEYS}&bytes=10", f"listed-a?keys={LISTED_KEYS}&bytes=10", f"listed-b?keys={LISTED_KEYS}&bytes=10"]
    with server_running("bench-data", *made) as server:
        service = Service(bench, report, folder, server)
        report.paragraph(f"{', '.join(transfer_tools.versions())}.")
        if service.missing:
            report.paragraph(f"Left out, because they are not here: {', '.join(service.missing)}. scripts/bench --get-peers gets them.")
        service.fill(*(folder / name for name in ("one", "eight", "small", "middle", "same")))
        both_ways(service, folder, sizes)
        slow = () if bench.full else ("rclone", "s5cmd")
        service.contest(f"Server-side copy of {sizes.middle} objects of 1 MiB", "copy", [f"{BUCKET}/middle/"], f"{BUCKET}/copies/")
        service.contest(f"Sync of {sizes.same} files, nothing to do", "sync", [folder / "same"], f"{BUCKET}/same/")
        service.contest(f"Removal of {REMOVED_KEYS} objects below a prefix", "empty", ["s3://removed/"], None)
        many_arguments(service)
        service.contest(f"List of {LISTED_KEYS} keys", "list", ["s3://listed-a/"], None)
        service.contest(f"Sync of {LISTED_KEYS} keys with as many, nothing to do", "compare", ["s3://listed-a/"], "s3://listed-b/", without=slow)


def both_ways(service, folder, sizes):
    gib = sizes.one / (1 << 30)
    service.contest(f"Upload of one object of {gib:g} GiB", "copy", [folder / "one"], f"{BUCKET}/put")
    service.contest(f"Download of one object of {gib:g} GiB", "copy", [f"{BUCKET}/one"], service.out / "one", files=1)
    for name, count, size in (("eight", 8, f"{sizes.eighth // MIB} MiB"), ("small", sizes.small, "10 KiB"), ("middle", sizes.middle, "1 MiB")):
        service.contest(f"Upload of {count} objects of {size}", "copy", [folder / name], f"{BUCKET}/put-{name}/")
        service.contest(f"Download of {count} objects of {size}", "copy", [f"{BUCKET}/{name}/"], service.out, files=count, without=("boto3 CRT",))


def many_arguments(service):
    """Every object is an argument of its own; threads and descriptors are looked at while it runs."""
    keys = [f"s3://removed/folder-{i // 1000:06}/object-{i:09}.bin" for i in range(REMOVED_KEYS)]
    words = [str(word) for word in service.tools["Hawser"]("remove", keys, None)]
    service.contest(f"Removal of {REMOVED_KEYS} objects, each an argument", "remove", keys, None)
    threads, descriptors = peaks(words, service.environment)
    service.report.paragraph(f"Hawser had {threads} threads and {descriptors} descriptors at most.")


def peaks(words, environment):
    """The most threads and descriptors that a command has, as far as looks at it every 5 ms can tell."""
    threads = descriptors = 0
    with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL) as process:
        own = pathlib.Path(f"/proc/{process.pid}")
        while process.poll() is None:
            with contextlib.suppress(OSError):
                threads = max(threads, len(os.listdir(own / "task")))
                descriptors = max(descriptors, len(os.listdir(own / "fd")))
            time.sleep(0.005)
    return threads, descriptors


def over_tls(bench, report, folder, sizes):
    """Payloads are not signed over TLS, so this is what a service on the net costs."""
    openssl = shutil.which("openssl")
    if not openssl:
        report.paragraph("TLS is left out: there is no openssl here, which makes the certificate.")
        return
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run([openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
                    "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL)
    with server_running("bench-data", options=["--tls", f"{certificate},{key}"]) as server:
        service = Service(bench, report, folder, server, certificate)
        service.fill(folder / "one")
        gib = sizes.one / (1 << 30)
        service.contest(f"Upload of one object of {gib:g} GiB over TLS", "copy", [folder / "one"], f"{BUCKET}/put")
        service.contest(f"Download of one object of {gib:g} GiB over TLS", "copy", [f"{BUCKET}/one"], service.out / "one", files=1)


def server_running(*buckets, options=()):
    named = [word for bucket in buckets for word in ("--bucket", bucket)]
    return fault_server.running("--discard", "--no-checks", "--allow-unsigned-payload", *named, *options)
