# SPDX-License-Identifier: Apache-2.0
"""Where one thread's time goes: perf samples of a conversion, each told by the source file or the library it fell in."""

import collections
import json
import re
import shutil
import subprocess
import sys

from running import HERE, Failed, output_of, remove, run_hawser, timed

SAMPLES_A_SECOND = 2000

# Where a sample fell, and the stage: a file of ours below src/, or `library symbol`. The first that matches counts.
STAGES = (
    (r"csv/(scan|rows|utf8)", "index"),
    (r"csv/", "parse"),
    (r"(parquet|avro|table)/", "encode"),
    (r"(codec/checksum|core/siphash)", "checksum"),
    (r"codec/(unpack|inflate)", "read"),
    (r"codec/", "compress"),
    (r"libxxhash", "encode"),
    (r"libcrypto|libisal\S* crc", "checksum"),
    (r"libzstd|libsnappy|liblz4|libbrotli|libdeflate|libisal", "compress"),
    (r"libc\S* \S*mem", "copy"),
    (r"ld-linux", "start"),
    (r"kernel \S*(copy_to_iter|filemap|read_iter|pread|readahead|mark_accessed)", "read"),
    (r"kernel \S*(clear_page|fault|alloc|free|vma|mas_|anon|rmap|lru|cgroup|tlb|zap|pte|pmd|mm_)", "memory"),
    (r"kernel \S*(from_iter|write|ext4|jbd2|xfs|btrfs|shmem|block|bio|folio|xas_|sync)", "write"),
    (r"kernel", "kernel"),
)

# What a stage does, and what its speed is counted in.
MEANINGS = {
    "read": ("from the page cache into the program", "csv"),
    "index": ("where fields and records end, UTF-8", "csv"),
    "parse": ("fields to typed columns", "csv"),
    "encode": ("dictionaries, encodings, statistics", "csv"),
    "compress": ("pages", "pages"),
    "checksum": ("SHA-256, CRC-64, CRC-32", "output"),
    "write": ("to the file", "output"),
    "copy": ("memcpy, memset", None),
    "memory": ("pages of memory that are new", None),
    "start": ("the dynamic linker", None),
    "kernel": ("the rest of it", None),
    "other": ("the rest", None),
}


def stages(bench, report):
    missing = [tool for tool in ("perf", "nm", "addr2line") if not shutil.which(tool)]
    symbols = {} if missing else symbols_of(bench.tool)
    if missing or not symbols:
        why = f"{', '.join(missing)} is not here" if missing else f"{bench.tool.name} has no symbols"
        report.paragraph(f"Left out: {why}.")
        return
    for source in bench.datasets("tables")[:1]:
        try:
            samples, figures = sample(bench, source, symbols)
        except Failed as failed:
            report.paragraph(f"Left out: {failed}")
            return
        sizes, limits = measure_limits(bench, source)
        show(bench, report, source, samples, figures, sizes, limits)


def symbols_of(tool):
    """Addresses of the tool's functions by name."""
    rows = (line.split() for line in output_of(["nm", tool]).splitlines())
    return {row[2]: int(row[0], 16) for row in rows if len(row) == 3 and row[1] in "tTwW"}


def sample(bench, source, symbols):
    """Seconds by stage, and the figures of the last run under perf."""
    counts = collections.Counter()
    data, output = bench.outputs / "perf.data", bench.outputs / "table.parquet"
    convert = [bench.tool, "convert", source, output, "--threads", 1, "--overwrite", "replace", "--quiet"]
    for _ in range(bench.runs):
        figures, _ = timed(["perf", "record", "-q", "-e", "cpu-clock", "-F", SAMPLES_A_SECOND, "-o", data, *convert])
        counts.update(places(bench.tool, symbols, data))
        remove(output)
    remove(data)
    seconds = collections.Counter()
    for place, count in counts.items():
        seconds[stage_of(place)] += count / SAMPLES_A_SECOND / bench.runs
    return seconds, figures


def places(tool, symbols, data):
    """Samples by where they fell."""
    script = ["perf", "script", "-i", str(data), "-F", "ip,sym,symoff,dso"]
    listed = subprocess.run(script, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    counts, own = collections.Counter(), collections.Counter()
    for name, offset, library in re.findall(r"^\s*[0-9a-f]+ (\S+?)(?:\+0x([0-9a-f]+))? \((.*)\)$", listed, re.MULTILINE):
        if library.endswith(f"/{tool.name}") and name in symbols:
            own[symbols[name] + int(offset or "0", 16)] += 1
        else:
            counts[f"{'kernel' if library.startswith('[') else library.rsplit('/')[-1]} {name}"] += 1
    for address, file in files_of_addresses(tool, own).items():
        counts[file] += own[address]
    return counts


def files_of_addresses(tool, addresses):
    """The file of each address; of functions inlined into each other the innermost that is not in core."""
    asked = "".join(f"{address:#x}\n" for address in addresses)
    told = subprocess.run(["addr2line", "-a", "-i", "-e", tool], input=asked, check=True, stdout=subprocess.PIPE, text=True).stdout
    files, address = {}, 0
    for line in told.splitlines():
        if line.startswith("0x"):
            address = int(line, 16)
            files[address] = ""
        elif not files[address] and (found := re.search(r"\bsrc/((?!core/)\w+/[\w.]+)", line)):
            files[address] = found[1]
    return files


def stage_of(place):
    return next((stage for pattern, stage in STAGES if re.match(pattern, place)), "other")


def measure_limits(bench, source):
    """Bytes that the stages see, and what simple programs do with such bytes in GB/s."""
    pages, output, free = (bench.outputs / name for name in ("pages.parquet", "table.parquet", "free"))
    try:
        run_hawser(bench, source, pages, 1, "--compression", "none")
        run_hawser(bench, source, output, 1)
        sizes = {"csv": source.stat().st_size, "pages": pages.stat().st_size, "output": output.stat().st_size}
        limits = json.loads(output_of([sys.executable, HERE / "limits.py", source, pages, output, free]))
    finally:
        for path in (pages, output, free):
            remove(path)
    return sizes, limits


def show(bench, report, source, seconds, figures, sizes, limits):
    rows, total = [], sum(seconds.values())
    for stage, (what, unit) in MEANINGS.items():
        speed = f"{sizes[unit] / seconds[stage] / 1e9:.2f}" if unit and seconds[stage] else ""
        limit, means = limits.get(stage, ("", ""))
        rows.append([f"{stage}: {what}", f"{seconds[stage]:.3f}", f"{100 * seconds[stage] / total:.1f} %",
                     f"{sizes[unit] / 1e6:.0f}" if unit else "", speed, limit, means])
    report.table(f"**{source.name}** to Parquet with the defaults, 1 thread: CPU seconds by samples, mean of {bench.runs} runs. The limit is "
                 "what a simple loop does with the same bytes:", ("", "CPU s", "share", "MB", "GB/s", "limit GB/s", "limit is"), rows)
    report.paragraph(f"**Stages:** {total:.2f} CPU seconds, {sizes['csv'] / total / 1e9:.3f} GB/s of CSV by one thread; under perf the last run took "
                     f"{figures['seconds']:.2f} s.")
    bench.record("stages", file=source.name, sizes=sizes, seconds=seconds, limits=limits)
