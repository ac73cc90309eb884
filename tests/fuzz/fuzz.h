/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all fuzz targets share. A target is one file with LLVMFuzzerTestOneInput; libFuzzer drives it (preset `fuzz`),
 * or replay.c over its corpus in every ordinary test run.
 */
#ifndef HW_TESTS_FUZZ_H
#define HW_TESTS_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "core/base.h"
#include "core/view.h"
#include "csv/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for every input. */
#define FUZZ_CHECK(what)                                                       \
    do {                                                                       \
        if (!(what)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #what); \
            abort();                                                           \
        }                                                                      \
    } while (0)

/* Takes the first byte of an input, for choices; 0 where there is none. */
static inline uint8_t fuzz_byte(const uint8_t **data, size_t *size) {
    if (*size == 0) {
        return 0;
    }
    (*size)--;
    return *(*data)++;
}

/* A copy with the margins that CSV texts have. Release with free(text.data - HW_CSV_BLOCK_MARGIN). */
static inline hw_view fuzz_text(const void *data, size_t size) {
    char *room = malloc(size + 2 * HW_CSV_BLOCK_MARGIN);
    FUZZ_CHECK(room);
    memset(room, '"', size + 2 * HW_CSV_BLOCK_MARGIN);
    if (size > 0) {
        memcpy(room + HW_CSV_BLOCK_MARGIN, data, size);
    }
    return (hw_view){room + HW_CSV_BLOCK_MARGIN, size};
}

static inline void fuzz_text_free(hw_view text) {
    char *room;
    memcpy(&room, &text.data, sizeof(room));
    free(room - HW_CSV_BLOCK_MARGIN);
}

#endif
