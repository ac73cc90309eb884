/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/ioctl.h>
#include <unistd.h>

#include <hawser/inspect.h>

#include "cli/inspect_json.h"
#include "cli/inspect_text.h"
#include "cli/objects_args.h"
#include "cli/output.h"
#include "report/error.h"

struct inspect_args {
    struct hw_objects_args objects;
    const char *columns;
    unsigned show;
};

#define INSPECT_FIELD(field) HW_OPTION_FIELD(struct inspect_args, field)

static const struct hw_choice show_choices[] = {
    {"file", HW_SHOW_FILE},     {"schema", HW_SHOW_SCHEMA}, {"metadata", HW_SHOW_METADATA},
    {"groups", HW_SHOW_GROUPS}, {"chunks", HW_SHOW_CHUNKS}, {"columns", HW_SHOW_COLUMNS},
    {"pages", HW_SHOW_PAGES},   {"index", HW_SHOW_INDEX},   {NULL, 0}};

/* What is shown where nothing is asked for. */
enum {
    SHOW_TEXT = HW_SHOW_FILE | HW_SHOW_SCHEMA | HW_SHOW_METADATA | HW_SHOW_COLUMNS,
    SHOW_JSON = HW_SHOW_FILE | HW_SHOW_SCHEMA | HW_SHOW_METADATA | HW_SHOW_GROUPS | HW_SHOW_CHUNKS
};

static const struct hw_option inspect_rows[] = {
    {.name = "show",
     .type = HW_OPTION_CHOICES,
     INSPECT_FIELD(show),
     .choices = show_choices,
     .fallback = "file,schema,metadata,columns, with --json groups,chunks in place of columns",
     .help = "Shows these parts. Only pages and index read more of a file than its end."},
    {.name = "columns",
     .type = HW_OPTION_TEXT,
     INSPECT_FIELD(columns),
     .arg = "COL,...",
     .fallback = "all",
     .help = "Shows the chunks, pages and sums of these columns, in this order: names, or paths such as a.b. A name "
             "with a comma stands in double quotes."},
};
static const struct hw_option_group inspect_group = {"Inspect", inspect_rows, COUNT_OF(inspect_rows)};

static const struct hw_option_part parts[] = {
    {&inspect_group, 0, 0},
    HW_OBJECTS_READ_PART(offsetof(struct inspect_args, objects), 0),
    HW_OBJECTS_PARTS(offsetof(struct inspect_args, objects), HW_OBJECTS_JSON),
};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const struct hw_example examples[] = {
    {"hawser inspect orders.parquet", "Size, schema, metadata, and a line for each column."},
    {"hawser inspect s3://lake/orders/ --show schema --json", "The schema of each file, as JSON."},
    {"hawser inspect orders.parquet --show pages,index --columns amount", "The pages and the index of one column."},
};

static const char *const operand_names[] = {"SRC"};

/* A run of the command. */
struct inspect_run {
    struct hw_objects_call objects;
    unsigned show;
    size_t width;
    size_t files;
};

static enum hw_status json_tell(struct inspect_run *run, const struct hw_inspected *file, struct hw_error *err) {
    struct hw_json_writer json = hw_objects_json(&run->objects);
    hw_json_text(&json, "type", "file");
    hw_json_text(&json, "path", file->path);
    if (file->status) {
        hw_report_error(&json, file->error);
    } else {
        hw_inspect_json(&json, file, run->show);
    }
    return hw_objects_json_end(&run->objects, &json, err);
}

static enum hw_status text_tell(struct inspect_run *run, const struct hw_inspected *file, struct hw_error *err) {
    struct hw_buf *lines = &run->objects.lines;
    if (file->status) {
        return HW_OK;
    }
    HW_TRY(hw_buf_append_text(lines, run->files++ > 0 ? "\n" : "", err));
    HW_TRY(hw_objects_name(&run->objects, file->path, err));
    HW_TRY(hw_buf_append_byte(lines, '\n', err));
    HW_TRY(hw_inspect_text(file, run->show, run->width, lines, err));
    return hw_objects_line(&run->objects, err);
}

static enum hw_status file_tell(void *ctx, const struct hw_inspected *file, struct hw_error *err) {
    struct inspect_run *run = ctx;
    const struct hw_cmd_call *call = run->objects.call;
    if (file->status) {
        hw_output_error(call->cli, hw_view_of(call->cmd->name), file->error);
    }
    /* A file is told whole, or not at all. */
    struct hw_buf *lines = &run->objects.lines;
    const size_t before = lines->size;
    const enum hw_status status = run->objects.args->json ? json_tell(run, file, err) : text_tell(run, file, err);
    if (status) {
        lines->size = hw_min_size(lines->size, before);
    }
    return status;
}

/* The width of the terminal; 0 where the output is none. */
static size_t terminal_width(int fd) {
    struct winsize size;
    return isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* The parts of a file that must be read for what is shown. */
static unsigned parts_of(unsigned show) {
    return (show & HW_SHOW_FILE ? HW_INSPECT_ROWS : 0u) | (show & HW_SHOW_PAGES ? HW_INSPECT_PAGES : 0u) |
           (show & HW_SHOW_INDEX ? HW_INSPECT_INDEX : 0u);
}

static enum hw_status inspect_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const struct inspect_args *args = call->args;
    struct inspect_run run = {.show = args->show, .width = terminal_width(call->cli->out_fd)};
    struct hw_inspect_options inspect = {.size = sizeof(inspect)};
    enum hw_status status = hw_objects_call_begin(&run.objects, call, &args->objects, err);
    if (run.show == 0) {
        run.show = args->objects.json ? SHOW_JSON : SHOW_TEXT;
    }
    inspect.store = run.objects.options.store;
    inspect.parts = parts_of(run.show);
    inspect.columns = args->columns;
    status = status ? status : hw_inspect(call->operands, call->operands_count, &inspect, file_tell, &run, err);
    return hw_objects_call_end(&run.objects, status, err);
}

const struct hw_cmd hw_cmd_inspect = {
    .name = "inspect",
    .summary = "Shows what Parquet and Avro files say of themselves",
    .operands = "SRC...",
    .description =
        "Prints what the footer of each Parquet file says: rows, the schema, key-value metadata, and for each column "
        "its type, codec, encodings, sizes, nulls and bounds. Of a large file only the end is read, and nothing is "
        "decoded; what a file says need not be true. Of Avro files it prints what their header says, and counts their "
        "rows from block to block, unless --show leaves file out.\n\n"
        "SRC is a file, an object, an https address, a folder or prefix that ends in /, or a glob. Of folders those "
        "files are meant that are called .parquet, .parq, .pq or .avro. Whatever its name is, a file is Parquet if it "
        "begins or ends with PAR1, and Avro if it begins with Obj. Where some of several files cannot be read, the "
        "exit code is 3.",
    .operand = HW_OPERAND_PATH,
    .operands_min = 1,
    .operands_max = SIZE_MAX,
    .operand_names = operand_names,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct inspect_args),
    .run = inspect_run,
};
