/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program that converts a stream of batches, for memory_cases.py to measure:
 *
 *     batches_driver MIB BATCH_MIB MEMORY_MIB THREADS FORMATS FOLDER/
 *
 * It makes about so many MiB of values, in batches of about BATCH_MIB, which are gone once they are
 * released. FORMATS are bits of enum hw_format; without CSV there is a column of lists too. It
 * prints how many rows came out, and how long that took.
 */
#include <hawser/convert.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base.h"
#include "table/owner.h"

enum { COLUMNS = 4, TEXT_BYTES = 24, LIST_MAX = 6, ROW_BYTES = 8 + 4 + TEXT_BYTES / 2 + 8 + 4 + LIST_MAX / 2 * 8 };

static const struct hw_field list_child = {.name = "element", .type = {.kind = HW_KIND_INT64}};
static struct hw_field fields[COLUMNS] = {
    {.name = "n", .type = {.kind = HW_KIND_INT64}, .required = true},
    {.name = "t", .type = {.kind = HW_KIND_TEXT}},
    {.name = "r", .type = {.kind = HW_KIND_DOUBLE}},
    {.name = "l", .type = {.kind = HW_KIND_LIST}, .children = &list_child, .children_count = 1},
};

struct driver {
    struct hw_batch_stream base;
    struct hw_schema schema;
    uint64_t random;
    uint64_t rows_left;
    size_t batch_rows;
};

/* A batch in one block of memory: the arrays lie behind it. */
struct made {
    struct hw_owner owner;
    struct hw_column columns[COLUMNS];
    struct hw_column child;
    uint64_t memory[];
};

static void made_free(struct hw_owner *owner) {
    free(owner);
}

static uint64_t random_next(struct driver *driver) {
    driver->random ^= driver->random << 13;
    driver->random ^= driver->random >> 7;
    driver->random ^= driver->random << 17;
    return driver->random;
}

static void made_fill(struct driver *driver, struct made *made, size_t rows) {
    int64_t *numbers = (int64_t *)made->memory;
    double *ratios = (double *)(numbers + rows);
    int64_t *elements = (int64_t *)(ratios + rows);
    int32_t *ends = (int32_t *)(elements + rows * LIST_MAX);
    int32_t *offsets = ends + rows + 1;
    char *texts = (char *)(offsets + rows + 1);
    ends[0] = offsets[0] = 0;
    for (size_t row = 0; row < rows; row++) {
        const uint64_t value = random_next(driver);
        numbers[row] = (int64_t)value;
        ratios[row] = (double)(value % 1000000) / 64;
        ends[row + 1] = ends[row] + (int32_t)(value % LIST_MAX);
        offsets[row + 1] = offsets[row] + (int32_t)(value / 8 % TEXT_BYTES);
        for (int32_t i = offsets[row]; i < offsets[row + 1]; i++) {
            texts[i] = (char)('a' + (value >> i % 57) % 26);
        }
        for (int32_t i = ends[row]; i < ends[row + 1]; i++) {
            elements[i] = (int64_t)(value >> i % 40);
        }
    }
    made->child = (struct hw_column){.values = elements, .length = (size_t)ends[rows]};
    made->columns[0].values = numbers;
    made->columns[1] = (struct hw_column){.offsets = offsets, .data = texts};
    made->columns[2].values = ratios;
    made->columns[3] = (struct hw_column){.offsets = ends, .children = &made->child};
}

static enum hw_status driver_next(struct hw_batch_stream *base, struct hw_batch *out_batch, bool *out_more,
                                  struct hw_error *err) {
    struct driver *driver = (struct driver *)(void *)base;
    const size_t rows = hw_min_size(driver->batch_rows, (size_t)driver->rows_left);
    const size_t row_bytes = sizeof(int64_t) * (2 + LIST_MAX) + 2 * sizeof(int32_t) + TEXT_BYTES;
    (void)err;
    *out_more = rows > 0;
    if (rows == 0) {
        return HW_OK;
    }
    struct made *made = calloc(1, sizeof(*made) + (rows + 1) * row_bytes + 64);
    if (!made) {
        return HW_ENOMEM;
    }
    hw_owner_init(&made->owner, made_free);
    made_fill(driver, made, rows);
    driver->rows_left -= rows;
    *out_batch = (struct hw_batch){&driver->schema, rows, made->columns, &made->owner};
    return HW_OK;
}

static void driver_free(struct hw_batch_stream *base) {
    (void)base;
}

static uint64_t number(const char *text) {
    return strtoull(text, NULL, 10);
}

int main(int argc, char **argv) {
    if (argc != 7) {
        fprintf(stderr, "usage: batches_driver MIB BATCH_MIB MEMORY_MIB THREADS FORMATS FOLDER/\n");
        return 2;
    }
    mallopt(M_MMAP_THRESHOLD, 1 << 20); /* as the tool does: batches are given back when they are freed */
    const struct hw_convert_options options = {
        .memory_bytes = HW_MIB(number(argv[3])),
        .threads = (uint32_t)number(argv[4]),
        .formats = (unsigned)number(argv[5]),
    };
    struct driver driver = {
        .base = {&driver.schema, driver_next, driver_free},
        .schema = {fields, options.formats & HW_FORMAT_CSV ? COLUMNS - 1 : COLUMNS},
        .random = 88172645463325252u,
        .rows_left = HW_MIB(number(argv[1])) / ROW_BYTES,
        .batch_rows = (size_t)(HW_MIB(number(argv[2])) / ROW_BYTES),
    };
    struct hw_error err = HW_ERROR_INIT;
    struct hw_convert_result result;
    enum hw_status status = hw_convert_batches(&driver.base, "rows", argv[6], &options, &result, &err);
    if (status != HW_OK) {
        char line[1024];
        hw_error_format(&err, line, sizeof(line));
        fprintf(stderr, "%s\n", line);
        return hw_status_exit_code(status);
    }
    printf("%llu rows, %.2f s\n", (unsigned long long)result.rows_out, result.seconds);
    return 0;
}
