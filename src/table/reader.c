/* SPDX-License-Identifier: Apache-2.0 */
#include "table/reader.h"

#include "core/alloc.h"

bool hw_table_part_exact(const struct hw_table_reader *reader, size_t part) {
    (void)reader;
    (void)part;
    return true;
}

uint64_t hw_table_reject_line(const struct hw_table_reader *reader, const struct hw_reject *reject) {
    (void)reader;
    return reject->line;
}

void hw_table_result_free(struct hw_part_result *result) {
    hw_free(result);
}

enum hw_status hw_table_end(struct hw_table_reader *reader, struct hw_error *err) {
    (void)reader;
    (void)err;
    return HW_OK;
}

enum hw_status hw_table_history(const struct hw_table_reader *reader, size_t column, struct hw_arena *arena,
                                struct hw_column_history *out_history, struct hw_error *err) {
    (void)reader;
    (void)column;
    (void)arena;
    (void)err;
    *out_history = (struct hw_column_history){0};
    return HW_OK;
}

bool hw_table_set_find(const struct hw_table_set *set, size_t *table) {
    (void)set;
    return *table == 0;
}

const char *hw_table_set_name(const struct hw_table_set *set, size_t table) {
    (void)set;
    (void)table;
    return NULL;
}
