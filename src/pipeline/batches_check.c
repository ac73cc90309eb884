/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/batches_check.h"

#include "core/limits.h"
#include "core/utf8.h"

/* of a number, the extension, and what a file has until it is complete */
enum { SUFFIX_BYTES = 40 };

#define OPTION(member) \
    { #member, offsetof(struct hw_convert_options, member), sizeof(((struct hw_convert_options *)NULL)->member) }

/* The options that are about sources of bytes. */
static const struct {
    const char *name;
    size_t offset;
    size_t bytes;
} options_of_bytes[] = {
    OPTION(csv.delimiter),
    OPTION(csv.quote),
    OPTION(csv.no_quotes),
    OPTION(csv.escape),
    OPTION(csv.comment),
    OPTION(csv.delimiter_tail),
    OPTION(csv.comment_tail),
    OPTION(csv.escapes),
    OPTION(csv.quotes_lenient),
    OPTION(csv.trailing_delimiter),
    OPTION(csv.delimiter_blanks),
    OPTION(csv.skip_after_header),
    OPTION(csv.columns_max),
    OPTION(csv.null_quoted),
    OPTION(csv.trim),
    OPTION(csv.decimal_comma),
    OPTION(csv.thousands),
    OPTION(csv.skip_lines),
    OPTION(csv.header),
    OPTION(csv.encoding),
    OPTION(csv.record_end),
    OPTION(csv.types),
    OPTION(csv.decimals),
    OPTION(csv.null_values),
    OPTION(csv.null_values_count),
    OPTION(csv.schema_path),
    OPTION(csv.bad_rows_reject),
    OPTION(csv.bad_rows_pad),
    OPTION(csv.rejects_max),
    OPTION(csv.rejects_max_ratio),
    OPTION(csv.zip_member),
    OPTION(csv.true_values),
    OPTION(csv.true_values_count),
    OPTION(csv.false_values),
    OPTION(csv.false_values_count),
    OPTION(csv.date_format),
    OPTION(csv.timestamp_format),
    OPTION(csv.names),
    OPTION(csv.names_count),
    OPTION(columns),
    OPTION(limit_rows),
    OPTION(from),
    OPTION(int96),
    OPTION(page_bytes_max),
    OPTION(where),
    OPTION(column_list),
    OPTION(include),
    OPTION(include_count),
    OPTION(exclude),
    OPTION(exclude_count),
    OPTION(files_from),
    OPTION(files_from_nul),
    OPTION(all_files),
    OPTION(keep_extension),
    OPTION(merge),
    OPTION(one_schema),
    OPTION(input_fd),
    OPTION(source_store.profile),
    OPTION(source_store.region),
    OPTION(source_store.endpoint_url),
    OPTION(source_store.ca_bundle),
    OPTION(source_store.no_sign_request),
    OPTION(source_store.addressing),
    OPTION(source_store.connections_max),
    OPTION(source_store.attempts_max),
    OPTION(source_store.retry_for_ms),
    OPTION(source_store.timeout_ms),
    OPTION(source_store.part_bytes),
    OPTION(source_store.parts_held),
    OPTION(source_store.buffer_bytes),
    OPTION(source_store.cancelled),
    OPTION(source_store.cancelled_ctx),
    OPTION(source_store.stores),
    OPTION(source_store.stores_count),
    OPTION(source_store.log),
    OPTION(source_store.s3),
};

enum hw_status hw_batches_check_options(const struct hw_convert_options *options, struct hw_error *err) {
    for (size_t i = 0; i < COUNT_OF(options_of_bytes); i++) {
        const char *at = (const char *)options + options_of_bytes[i].offset;
        for (size_t k = 0; k < options_of_bytes[i].bytes; k++) {
            if (at[k] != 0) {
                return hw_fail(err, HW_EUSAGE, "option %s is for sources that are read, not for batches",
                               options_of_bytes[i].name);
            }
        }
    }
    return HW_OK;
}

enum hw_status hw_batches_check_name(const char *name, struct hw_error *err) {
    const size_t bytes = strnlen(name, HW_PATH_NAME_BYTES_MAX);
    bool plain = bytes > 0 && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && hw_utf8_all(name, bytes);
    for (size_t i = 0; plain && i < bytes; i++) {
        plain = (unsigned char)name[i] >= 0x20 && name[i] != 0x7f && name[i] != '/' && name[i] != '\\';
    }
    if (bytes > HW_PATH_NAME_BYTES_MAX - SUFFIX_BYTES) {
        return hw_fail(err, HW_EUSAGE, "the name of the outputs is longer than %u bytes",
                       HW_PATH_NAME_BYTES_MAX - SUFFIX_BYTES);
    }
    char quoted[HW_QUOTE_BYTES];
    return plain ? HW_OK
                 : hw_fail(err, HW_EUSAGE, "%s is no name that outputs can have",
                           hw_quote(name, bytes, quoted, sizeof(quoted)));
}
