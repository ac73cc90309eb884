/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_parts.h"

#include <math.h>

/* A file is divided only where it is so much larger than it shall be. */
static const double divided_from = 1.15;

size_t hw_optimize_parts_count(const double *bytes, size_t count, double target) {
    double all = 0;
    bool changes = false;
    for (size_t i = 0; i < count; i++) {
        all += bytes[i];
        changes |= bytes[i] > divided_from * target;
        changes |= i > 0 && bytes[i - 1] + bytes[i] <= target;
    }
    const double parts = ceil(all / target);
    return !changes ? 0 : parts > 1 ? (size_t)parts : 1;
}

/* Returns the number of the first row, of those of all pieces, before which `bytes` bytes lie. */
static uint64_t row_find(const struct hw_optimize_piece *pieces, size_t count, double bytes) {
    uint64_t rows = 0;
    for (size_t i = 0; i < count; i++) {
        if (bytes < pieces[i].bytes) {
            return rows + (uint64_t)((double)pieces[i].rows * bytes / pieces[i].bytes);
        }
        bytes -= pieces[i].bytes;
        rows += pieces[i].rows;
    }
    return rows;
}

size_t hw_optimize_parts_cut(const struct hw_optimize_piece *pieces, size_t pieces_count, size_t count,
                             struct hw_row_range *out_parts) {
    double bytes = 0;
    uint64_t rows = 0;
    uint64_t first = 0;
    size_t made = 0;
    for (size_t i = 0; i < pieces_count; i++) {
        bytes += pieces[i].bytes;
        rows += pieces[i].rows;
    }
    for (size_t i = 1; i <= count && first < rows; i++) {
        const uint64_t found = row_find(pieces, pieces_count, bytes * (double)i / (double)count);
        const uint64_t end = i == count ? rows : hw_clamp(found, first + 1, rows);
        out_parts[made++] = (struct hw_row_range){first, end - first};
        first = end;
    }
    return made;
}
