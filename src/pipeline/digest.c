/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/digest.h"

#include <stdio.h>

#include "codec/checksum.h"
#include "core/buf.h"
#include "core/bytes_text.h"

static enum hw_status words_text(const char *name, const char *const *words, size_t count, struct hw_buf *out,
                                 struct hw_error *err) {
    for (size_t i = 0; i < count; i++) {
        HW_TRY(hw_buf_printf(out, err, "%s %zu %s\n", name, strlen(words[i]), words[i]));
    }
    return HW_OK;
}

static enum hw_status csv_text(const struct hw_csv_options *csv, struct hw_buf *out, struct hw_error *err) {
    HW_TRY(hw_buf_printf(out, err, "csv %d %d %d %d %d %u %d %d %d %d %d %d\n", csv->delimiter, csv->quote,
                         csv->no_quotes, csv->escape, csv->comment, csv->skip_lines, (int)csv->header,
                         (int)csv->record_end, (int)csv->types, (int)csv->decimals, csv->bad_rows_reject,
                         csv->bad_rows_pad));
    if (csv->encoding) {
        HW_TRY(hw_buf_printf(out, err, "encoding %zu %s\n", strlen(csv->encoding), csv->encoding));
    }
    if (csv->zip_member) {
        HW_TRY(hw_buf_printf(out, err, "members %zu %s\n", strlen(csv->zip_member), csv->zip_member));
    }
    if (csv->trim || csv->decimal_comma || csv->thousands != '\0') {
        HW_TRY(hw_buf_printf(out, err, "values %d %d %d\n", csv->trim, csv->decimal_comma, csv->thousands));
    }
    if (csv->escapes || csv->quotes_lenient || csv->trailing_delimiter || csv->skip_after_header || csv->null_quoted) {
        HW_TRY(hw_buf_printf(out, err, "written %d %d %d %u %d\n", (int)csv->escapes, csv->quotes_lenient,
                             csv->trailing_delimiter, csv->skip_after_header, csv->null_quoted));
    }
    if (csv->delimiter_blanks) {
        HW_TRY(hw_buf_printf(out, err, "blanks\n"));
    }
    HW_TRY(words_text("delimiter", &csv->delimiter_tail, csv->delimiter_tail ? 1 : 0, out, err));
    HW_TRY(words_text("comment", &csv->comment_tail, csv->comment_tail ? 1 : 0, out, err));
    HW_TRY(words_text("date", &csv->date_format, csv->date_format ? 1 : 0, out, err));
    HW_TRY(words_text("timestamp", &csv->timestamp_format, csv->timestamp_format ? 1 : 0, out, err));
    HW_TRY(words_text("null", csv->null_values, csv->null_values_count, out, err));
    HW_TRY(words_text("true", csv->true_values, csv->true_values_count, out, err));
    return words_text("false", csv->false_values, csv->false_values_count, out, err);
}

/* Types that are given are part of the schema. */
static enum hw_status columns_text(const struct hw_columns_options *columns, struct hw_buf *out, struct hw_error *err) {
    const char *added[] = {columns->add_source};
    HW_TRY(words_text("select", columns->select, columns->select_count, out, err));
    HW_TRY(words_text("drop", columns->drop, columns->drop_count, out, err));
    for (size_t i = 0; i < columns->renames_count; i++) {
        const struct hw_column_rename *rename = &columns->renames[i];
        HW_TRY(words_text("rename", (const char *const[]){rename->from, rename->to}, 2, out, err));
    }
    if (columns->names_style != HW_NAMES_KEEP) {
        HW_TRY(hw_buf_printf(out, err, "names style %d\n", (int)columns->names_style));
    }
    return words_text("source", added, added[0] ? 1 : 0, out, err);
}

/* The forms of values, which CSV alone has, and what is taken of sources with schemas. */
static enum hw_status values_text(const struct hw_convert_options *options, struct hw_buf *out, struct hw_error *err) {
    if (options->int96 != HW_INT96_AUTO) {
        HW_TRY(hw_buf_printf(out, err, "int96 %d\n", (int)options->int96));
    }
    if (options->binary != HW_BINARY_BASE64 || options->nested != HW_NESTED_JSON) {
        HW_TRY(hw_buf_printf(out, err, "forms %d %d\n", (int)options->binary, (int)options->nested));
    }
    HW_TRY(words_text("where", &options->where, options->where ? 1 : 0, out, err));
    return words_text("columns", &options->column_list, options->column_list ? 1 : 0, out, err);
}

static enum hw_status files_text(const struct hw_convert_options *options, struct hw_buf *out, struct hw_error *err) {
    if (options->max_file_bytes > 0) {
        HW_TRY(hw_buf_printf(out, err, "file %llu\n", (unsigned long long)options->max_file_bytes));
    }
    for (size_t i = 0; i < options->partition_by_count; i++) {
        HW_TRY(
            hw_buf_printf(out, err, "partition %zu %s\n", strlen(options->partition_by[i]), options->partition_by[i]));
    }
    return HW_OK;
}

/*
 * The codec that is said of a format; "": its default. What is said in general is said of the first
 * format that is written.
 */
static const char *codec_text(const struct hw_convert_options *options, enum hw_format format, const char *own) {
    const unsigned first = options->formats & (0 - options->formats);
    const char *text = own ? own : first == format ? options->compression : NULL;
    return text ? text : "";
}

enum hw_status hw_schema_digest(const char *options_digest, const struct hw_schema *schema,
                                char out[HW_SCHEMA_DIGEST_BYTES], struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    uint8_t digest[HW_SHA256_BYTES];
    char hex[HW_SHA256_HEX_BYTES];
    HW_TRY(hw_schema_file_write(schema, &text, err));
    hw_sha256_of(text.data, text.size, digest);
    hw_hex(digest, sizeof(digest), hex);
    snprintf(out, HW_SCHEMA_DIGEST_BYTES, "%s-%.32s", options_digest, hex);
    return HW_OK;
}

bool hw_digests_differ_in_types(const char *a, const char *b) {
    const char *types = strchr(a, '-');
    const size_t options = types ? (size_t)(types - a) + 1 : 0;
    return options > 0 && strncmp(a, b, options) == 0 && strcmp(a, b) != 0;
}

enum hw_status hw_options_digest(const struct hw_convert_options *options, const struct hw_schema_file *given,
                                 char out[HW_SHA256_HEX_BYTES], struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    uint8_t digest[HW_SHA256_BYTES];
    HW_TRY(hw_buf_printf(&text, err, "hawser %s\nparquet %s %d %d %llu %llu %llu\navro %s\ncsv %s %d\n", HW_VERSION,
                         codec_text(options, HW_FORMAT_PARQUET, NULL), (int)options->encodings, (int)options->effort,
                         (unsigned long long)options->row_group_bytes, (unsigned long long)options->row_group_rows,
                         (unsigned long long)options->page_bytes,
                         codec_text(options, HW_FORMAT_AVRO, options->avro_codec),
                         codec_text(options, HW_FORMAT_CSV, options->csv_compression), options->csv_formula_guard));
    HW_TRY(csv_text(&options->csv, &text, err));
    HW_TRY(columns_text(&options->columns, &text, err));
    if (options->limit_rows > 0) {
        HW_TRY(hw_buf_printf(&text, err, "limit %llu\n", (unsigned long long)options->limit_rows));
    }
    HW_TRY(values_text(options, &text, err));
    HW_TRY(files_text(options, &text, err));
    if (options->merge) {
        HW_TRY(hw_buf_append_text(&text, "merge\n", err));
    }
    if (options->one_schema) {
        HW_TRY(hw_buf_append_text(&text, "one schema\n", err));
    }
    if (options->all_files) { /* It chooses members of ZIPs. */
        HW_TRY(hw_buf_append_text(&text, "all files\n", err));
    }
    if (given->schema.count > 0) {
        HW_TRY(hw_schema_file_write(&given->schema, &text, err));
    }
    for (size_t i = 0; given->constraints.columns && i < given->schema.count; i++) {
        const char *json = given->constraints.columns[i].json;
        HW_TRY(hw_buf_printf(&text, err, "constraint %zu %s\n", i, json ? json : ""));
    }
    hw_sha256_of(text.data, text.size, digest);
    hw_hex(digest, sizeof(digest), out);
    return HW_OK;
}
