/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/source_args.h"

#define SOURCE_FIELD(field) HW_OPTION_FIELD(struct hw_source_args, field)

static const struct hw_option source_rows[] = {
    {.name = "include",
     .type = HW_OPTION_LIST,
     .whole = true,
     SOURCE_FIELD(include),
     .arg = "GLOB",
     .fallback = "names that end as those of CSV do",
     .help = "Takes of folders and globs only files that match, whatever they are called. A GLOB without / is compared "
             "with the last name, any other with the path below SRC; / at its end stands for all in such folders. The "
             "option may be repeated."},
    {.name = "exclude",
     .type = HW_OPTION_LIST,
     .whole = true,
     SOURCE_FIELD(exclude),
     .arg = "GLOB",
     .help = "Leaves out files of folders and globs that match, likewise. It counts before --include, and may be "
             "repeated."},
    {.name = "files-from",
     .type = HW_OPTION_TEXT,
     SOURCE_FIELD(files_from),
     .arg = "FILE",
     .help = "Reads paths of sources from this file, one a line, or from standard input where FILE is -. A line is a "
             "path as it stands, never a glob. With one folder as SRC the paths are below it, and kept in DST."},
    {.name = "from0",
     .type = HW_OPTION_FLAG,
     SOURCE_FIELD(files_from_nul),
     .help = "Says that the paths of --files-from end with NUL, as those of find -print0 do."},
    {.name = "all-files",
     .type = HW_OPTION_FLAG,
     SOURCE_FIELD(all_files),
     .help = "Takes of folders and ZIPs also what is hidden or temporary (.*, _*, ~$*, __MACOSX/) and .txt files."},
    {.name = "keep-extension",
     .type = HW_OPTION_FLAG,
     SOURCE_FIELD(keep_extension),
     .help = "Calls outputs in a folder after the whole name of the source: a.csv.gz becomes a.csv.gz.parquet."},
};

const struct hw_option_group hw_source_option_rows = {"Choosing sources", source_rows, COUNT_OF(source_rows)};

enum hw_status hw_source_args_check(const struct hw_source_args *args, struct hw_error *err) {
    return args->files_from_nul && !args->files_from ? hw_fail(err, HW_EUSAGE, "--from0 needs --files-from") : HW_OK;
}
