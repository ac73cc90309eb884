/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/run_args.h"

#include "core/limits.h"

/* More often than five times a second nobody asks what has been done. */
enum { PROGRESS_MS_MIN = 200, PROGRESS_MS_MAX = 24 * 60 * 60 * 1000 };

#define RUN_FIELD(field) HW_OPTION_FIELD(struct hw_run_args, field)

static_assert(sizeof(enum hw_log_level) == sizeof(unsigned), "choices are written as unsigned");
static const struct hw_choice log_choices[] = {{"off", HW_LOG_OFF},   {"error", HW_LOG_ERROR}, {"warn", HW_LOG_WARN},
                                               {"info", HW_LOG_INFO}, {"debug", HW_LOG_DEBUG}, {NULL, 0}};

/* In the order of enum hw_run_row. */
static const struct hw_option run_rows[] = {
    {.name = "memory",
     .letter = 'm',
     .type = HW_OPTION_SIZE,
     RUN_FIELD(memory_bytes),
     .arg = "SIZE",
     .min = HW_MEMORY_BYTES_MIN,
     .fallback = "nine tenths of the control group's limit, else a quarter of the RAM",
     .help = "Stays within this much memory, 16MiB at least."},
    {.name = "threads",
     .type = HW_OPTION_COUNT,
     RUN_FIELD(threads),
     .arg = "N",
     .min = 1,
     .max = 4096,
     .fallback = "one for each core",
     .help = "Parses and writes with so many threads."},
    {.name = "jobs",
     .letter = 'j',
     .type = HW_OPTION_COUNT,
     RUN_FIELD(jobs),
     .arg = "N",
     .min = 1,
     .max = 65536,
     .fallback = "as many as threads, with S3 four times as many, and more that only wait",
     .help = "Works on so many objects at once."},
    {.name = "dry-run",
     .letter = 'n',
     .type = HW_OPTION_FLAG,
     RUN_FIELD(dry_run),
     .help = "Opens the sources, says what would be done with each and why, and writes nothing."},
    {.name = "fail-fast",
     .type = HW_OPTION_FLAG,
     RUN_FIELD(fail_fast),
     .help = "Begins no object any more once one has failed. Those in work are finished."},
    {.name = "max-errors",
     .type = HW_OPTION_COUNT,
     RUN_FIELD(max_errors),
     .arg = "N",
     .min = 1,
     .fallback = "no limit",
     .help = "Begins no object any more once N have failed."},
    {.name = "report",
     .type = HW_OPTION_TEXT,
     RUN_FIELD(report_path),
     .arg = "FILE",
     .help = "Writes what the run did to this file, as JSON, or to standard output where FILE is -."},
    {.name = "json",
     .type = HW_OPTION_FLAG,
     RUN_FIELD(json),
     .help = "Prints what became of each object as a line of JSON on standard output; convert adds one for the run."},
    {.name = "quiet",
     .letter = 'q',
     .type = HW_OPTION_FLAG,
     RUN_FIELD(quiet),
     .help = "Prints errors and warnings only: no progress and no summary, whatever else asks for them."},
    {.name = "verbose",
     .letter = 'v',
     .type = HW_OPTION_FLAG,
     RUN_FIELD(verbose),
     .help = "Tells of each object what was found in it and what it became."},
    {.name = "progress-every",
     .type = HW_OPTION_TIME,
     RUN_FIELD(progress_ms),
     .arg = "TIME",
     .min = PROGRESS_MS_MIN,
     .max = PROGRESS_MS_MAX,
     .fallback = "five times a second on a terminal, else once a minute",
     .help = "Tells at this interval how far the run is, also beside --json."},
    {.name = "log",
     .type = HW_OPTION_CHOICE,
     RUN_FIELD(log),
     .choices = log_choices,
     .fallback = "off",
     .help = "Writes lines of a log to standard error: error has objects that fail, warn also requests that fail, "
             "info also every object, debug also every request."},
    {.name = "config",
     .type = HW_OPTION_CONFIG,
     .arg = "FILE",
     .help = "Reads options from this JSON file, which may hold those of other commands too: {\"memory\": \"2GiB\", "
             "\"convert\": {\"to\": \"avro\"}}."},
};

const struct hw_option_group hw_run_option_group = {"Run", run_rows, COUNT_OF(run_rows)};
