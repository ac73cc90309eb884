/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/input_format.h"

#include "avro/row_file.h"
#include "core/object_name.h"
#include "csv/tables.h"
#include "parquet/row_file.h"
#include "pipeline/file_magic.h"
#include "rows/tables.h"
#include "stream/tables.h"

static enum hw_status csv_tables_new(struct hw_run_context *run, const struct hw_table_objects *objects,
                                     struct hw_table_set **out_set, struct hw_error *err) {
    const struct hw_convert_options *options = run->options;
    const struct hw_settings *settings = &run->settings;
    const bool surveys = hw_type_survey_runs(run->survey);
    if (options->where) {
        return hw_fail(err, HW_EUSAGE, "a condition on rows is given, and only Parquet and Avro are asked for them");
    }
    if (options->column_list) {
        return hw_fail(err, HW_EUSAGE,
                       "a list of columns is for Parquet and Avro (--columns): those of CSV are named by --select");
    }
    const struct hw_csv_tables_options own = {
        .csv = &options->csv,
        .choice = {&options->columns, run->given},
        .rows_max = options->limit_rows,
        .all_members = options->all_files,
        /* What a survey leaves out is counted when the rest is converted. */
        .left_out = surveys ? NULL : run->left_out,
        .merged = options->merge,
        .checksums = !options->dry_run || surveys,
        .history = options->report_path && !options->dry_run && !run->survey,
        .survey_bytes_max = surveys ? run->survey->bytes_max : 0,
        .groups = run->survey && !run->survey->told ? &run->survey->groups : NULL,
        .part_bytes = settings->part_bytes,
        .portion_bytes = settings->portion_bytes,
        .portion_held = settings->portion_held,
        .remote_read_bytes = settings->remote_read_bytes,
        .record_bytes_max = settings->record_bytes_max,
        .record_bytes_shared = settings->record_bytes_shared,
        .kept_object_bytes_max = options->source_store.part_bytes,
        .kept_bytes_max = settings->kept_bytes_max,
        .budget = &run->queue,
    };
    return hw_csv_tables_new(objects, &own, out_set, err);
}

/* A stream is never merged: there is one object. */
static enum hw_status batches_tables_new(struct hw_run_context *run, const struct hw_table_objects *objects,
                                         struct hw_table_set **out_set, struct hw_error *err) {
    const struct hw_settings *settings = &run->settings;
    const struct hw_stream_table_options own = {
        .part_bytes = settings->portion_bytes,
        .part_held = settings->portion_held,
        .row_bytes_max = settings->record_bytes_max,
        .row_bytes_shared = settings->record_bytes_shared,
    };
    return hw_stream_tables_new(objects->batches, &own, out_set, err);
}

/* ------ files with schemas of their own */

/* The memory that a worker has to read such a file; some formats can do with less. */
#define ROWS_BYTES_MIN HW_MIB(8)
#define ROWS_BYTES_MAX HW_MIB(256)

static enum hw_status rows_tables_new(const struct hw_row_format *format, struct hw_run_context *run,
                                      const struct hw_table_objects *objects, struct hw_table_set **out_set,
                                      struct hw_error *err) {
    const struct hw_convert_options *options = run->options;
    const struct hw_settings *settings = &run->settings;
    const uint64_t share = settings->work_bytes / 2 / settings->threads;
    if (options->csv.schema_path || options->columns.types_count > 0) {
        return hw_fail(err, HW_EUSAGE, "a schema or types are given, and %s files have schemas of their own",
                       format->name);
    }
    const struct hw_rows_options own = {
        .format = format,
        .columns = &options->columns,
        .column_list = options->column_list,
        .where = options->where,
        .int96 = options->int96,
        .rows_max = options->limit_rows,
        .part_bytes = settings->part_bytes,
        .memory_bytes = (size_t)hw_clamp(share, ROWS_BYTES_MIN, ROWS_BYTES_MAX),
        .page_bytes_max = (size_t)options->page_bytes_max,
    };
    return hw_rows_tables_new(objects, &own, out_set, err);
}

static enum hw_status parquet_tables_new(struct hw_run_context *run, const struct hw_table_objects *objects,
                                         struct hw_table_set **out_set, struct hw_error *err) {
    return rows_tables_new(&hw_parquet_row_format, run, objects, out_set, err);
}

static enum hw_status avro_tables_new(struct hw_run_context *run, const struct hw_table_objects *objects,
                                      struct hw_table_set **out_set, struct hw_error *err) {
    return rows_tables_new(&hw_avro_row_format, run, objects, out_set, err);
}

/* ------ choosing */

enum { FORMAT_CSV, FORMAT_BATCHES, FORMAT_PARQUET, FORMAT_AVRO };

static const struct hw_input_format formats[] = {
    [FORMAT_CSV] = {"csv", csv_tables_new},
    [FORMAT_BATCHES] = {"batches", batches_tables_new},
    [FORMAT_PARQUET] = {"parquet", parquet_tables_new},
    [FORMAT_AVRO] = {"avro", avro_tables_new},
};

enum { START_BYTES = 4 << 10 };

/*
 * Returns the format that a file's first and last bytes tell. A magic alone does not suffice: the
 * first column of a CSV may be called PAR1, and of one of Hive's Obj. So Parquet must end as it
 * begins, and the header of Avro must have keys of its own.
 */
static int format_told(hw_view start, hw_view end) {
    switch (hw_file_magic(start)) {
    case HW_NAME_PARQUET:
        return memcmp(start.data, end.data, HW_FILE_MAGIC_BYTES) == 0 ? FORMAT_PARQUET : FORMAT_CSV;
    case HW_NAME_AVRO:
        return memmem(start.data, start.size, "avro.", strlen("avro.")) ? FORMAT_AVRO : FORMAT_CSV;
    default:
        return FORMAT_CSV;
    }
}

static enum hw_status magic_look(struct hw_source *source, int *out_format, struct hw_error *err) {
    char start[START_BYTES];
    char end[HW_FILE_MAGIC_BYTES];
    *out_format = FORMAT_CSV;
    if (source->size < 3 * HW_FILE_MAGIC_BYTES) {
        return HW_OK;
    }
    const hw_view view = {start, (size_t)hw_clamp(source->size, 0, START_BYTES)};
    HW_TRY(source->ops->read_at(source, 0, start, view.size, err));
    HW_TRY(source->ops->read_at(source, source->size - sizeof(end), end, sizeof(end), err));
    *out_format = format_told(view, (hw_view){end, sizeof(end)});
    return HW_OK;
}

/* Across a network a look costs a request, which the name of a CSV makes needless. */
static bool name_suffices(const struct hw_plan_object *planned, enum hw_name_format name) {
    const bool remote = planned->store && planned->store->remote;
    return name == HW_NAME_ZIP || name == HW_NAME_CSV_READ || (name == HW_NAME_CSV && remote);
}

static enum hw_status bytes_look(const struct hw_table_objects *objects, int *out_format, struct hw_error *err) {
    struct hw_source *source;
    *out_format = FORMAT_CSV;
    if (objects->ops->once(objects, 0)) {
        return HW_OK;
    }
    HW_TRY(objects->ops->open(objects, 0, &source, err));
    const enum hw_status status = magic_look(source, out_format, err);
    source->ops->close(source);
    return status;
}

enum hw_status hw_input_format_find(const struct hw_run_context *run, const struct hw_table_objects *objects,
                                    const struct hw_plan_object *planned, const struct hw_input_format **out_format,
                                    struct hw_error *err) {
    const enum hw_name_format name = planned->batches ? HW_NAME_UNKNOWN : hw_name_look(planned->name).format;
    int format = FORMAT_CSV;
    if (planned->batches) {
        format = FORMAT_BATCHES;
    } else if (run->options->from == HW_FORMAT_CSV) {
        format = FORMAT_CSV;
    } else if (name == HW_NAME_PARQUET || run->options->from == HW_FORMAT_PARQUET) {
        format = FORMAT_PARQUET;
    } else if (name == HW_NAME_AVRO || run->options->from == HW_FORMAT_AVRO) {
        format = FORMAT_AVRO;
    } else if (!name_suffices(planned, name)) {
        HW_TRY(bytes_look(objects, &format, err));
    }
    *out_format = &formats[format];
    return HW_OK;
}
