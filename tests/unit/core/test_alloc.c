/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/rows.h"

/* An allocator that keeps its last request, and fails where it is told to. */
struct recorder {
    void *block;
    size_t bytes;
    size_t requests;
    bool fails;
};

static void *recorder_resize(void *ctx, void *block, size_t bytes) {
    struct recorder *recorder = ctx;
    recorder->block = block;
    recorder->bytes = bytes;
    recorder->requests++;
    if (bytes == 0) {
        free(block);
        return NULL;
    }
    void *fresh = recorder->fails ? NULL : realloc(block, bytes);
    if (fresh && !block) {
        memset(fresh, 0xa5, bytes);
    }
    return fresh;
}

/* What one function asks of the allocator. */
enum function { ALLOC, ALLOC_ZERO, REALLOC, REALLOC_ARRAY, STRDUP, STRNDUP };

static void *call(enum function function, void *block, size_t count, size_t bytes, const char *text) {
    switch (function) {
    case ALLOC:
        return hw_alloc(bytes);
    case ALLOC_ZERO:
        return hw_alloc_zero(count, bytes);
    case REALLOC:
        return hw_realloc(block, bytes);
    case REALLOC_ARRAY:
        return hw_realloc_array(block, count, bytes);
    case STRDUP:
        return hw_strdup(text);
    case STRNDUP:
        return hw_strndup(text, bytes);
    }
    return NULL;
}

static const struct {
    const char *name;
    enum function function;
    size_t count, bytes;
    const char *text;
    size_t want_bytes; /* that the allocator is asked for; 0: it is not asked */
    const char *want;  /* first bytes of the block; NULL: any */
} rows[] = {
    {"some bytes", ALLOC, 0, 100, NULL, 100, NULL},
    {"no bytes", ALLOC, 0, 0, NULL, 1, NULL},
    {"zeroed elements", ALLOC_ZERO, 3, 2, NULL, 6, "\0\0\0\0\0\0"},
    {"no elements", ALLOC_ZERO, 0, 8, NULL, 1, NULL},
    {"elements of no bytes", ALLOC_ZERO, 8, 0, NULL, 1, NULL},
    {"more elements than there are bytes", ALLOC_ZERO, SIZE_MAX / 2 + 1, 2, NULL, 0, NULL},
    {"the largest product", ALLOC_ZERO, SIZE_MAX, SIZE_MAX, NULL, 0, NULL},
    {"a new size", REALLOC, 0, 200, NULL, 200, "block"},
    {"a new size of no bytes", REALLOC, 0, 0, NULL, 1, NULL},
    {"elements of a new size", REALLOC_ARRAY, 50, 4, NULL, 200, "block"},
    {"a product that wraps", REALLOC_ARRAY, SIZE_MAX / 4 + 2, 4, NULL, 0, NULL},
    {"a text", STRDUP, 0, 0, "text", 5, "text\0"},
    {"an empty text", STRDUP, 0, 0, "", 1, "\0"},
    {"a part of a text", STRNDUP, 0, 2, "text", 3, "te\0"},
    {"no part of a text", STRNDUP, 0, 0, "text", 1, "\0"},
};

static bool is_resize(enum function function) {
    return function == REALLOC || function == REALLOC_ARRAY;
}

static void sizes_are_checked_and_asked_for(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct recorder recorder = {0};
        const struct hw_allocator allocator = {recorder_resize, &recorder};
        hw_allocator_set(&allocator);
        char *block = hw_alloc(sizeof("block"));
        memcpy(block, "block", sizeof("block"));
        recorder.requests = 0;

        char *got = call(rows[i].function, block, rows[i].count, rows[i].bytes, rows[i].text);
        assert_row_int(rows[i].name, got != NULL, rows[i].want_bytes > 0);
        assert_row_int(rows[i].name, recorder.requests, rows[i].want_bytes > 0);
        if (got) {
            assert_row_int(rows[i].name, recorder.bytes, rows[i].want_bytes);
            assert_row_int(rows[i].name, recorder.block == block, is_resize(rows[i].function));
        }
        if (rows[i].want) {
            const size_t want_bytes = is_resize(rows[i].function) ? sizeof("block") : rows[i].want_bytes;
            assert_row_bytes(rows[i].name, got, want_bytes, rows[i].want, want_bytes);
        }
        if (!got || !is_resize(rows[i].function)) {
            assert_row_text(rows[i].name, block, "block");
            hw_free(block);
        }
        hw_free(got);
        hw_allocator_set(NULL);
    }
}

static void want_of_memory_is_null(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct recorder recorder = {0};
        const struct hw_allocator allocator = {recorder_resize, &recorder};
        hw_allocator_set(&allocator);
        char *block = hw_alloc(sizeof("block"));
        memcpy(block, "block", sizeof("block"));
        recorder.fails = true;
        assert_row_int(rows[i].name, call(rows[i].function, block, rows[i].count, rows[i].bytes, rows[i].text) == NULL,
                       true);
        assert_row_text(rows[i].name, block, "block");
        hw_free(block);
        hw_allocator_set(NULL);
    }
}

static void nothing_is_freed_for_null(void **state) {
    (void)state;
    struct recorder recorder = {0};
    const struct hw_allocator allocator = {recorder_resize, &recorder};
    hw_allocator_set(&allocator);
    hw_free(NULL);
    hw_alloc_trim(); /* is malloc's affair */
    assert_int_equal(recorder.requests, 0);
    void *block = hw_alloc(1);
    hw_free(block);
    assert_ptr_equal(recorder.block, block);
    assert_int_equal(recorder.bytes, 0);
    hw_allocator_set(NULL);
    hw_free(hw_alloc(1));
    assert_int_equal(recorder.requests, 2);
}

/* The process's own allocator gives the same, where zeroed blocks take a way of their own. */
static void malloc_zeroes_what_was_used_before(void **state) {
    (void)state;
    enum { BYTES = 1000 };
    static const uint8_t zeroes[BYTES];
    uint8_t *dirty = hw_alloc(BYTES);
    memset(dirty, 0xa5, BYTES);
    hw_free(dirty);
    uint8_t *block = hw_alloc_zero(BYTES / 10, 10);
    assert_memory_equal(block, zeroes, BYTES);
    hw_free(block);
    assert_null(hw_alloc_zero(SIZE_MAX / 2 + 1, 2));
    hw_free(hw_alloc_zero(0, 0));
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MALLOC_IS_GLIBC 0
#elif defined(__has_feature)
#define MALLOC_IS_GLIBC \
    (!__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer) && !__has_feature(memory_sanitizer))
#else
#define MALLOC_IS_GLIBC 1
#endif

/* Returns the bytes of this process that are in memory (proc(5), statm). */
static long resident_bytes(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*d %ld", &pages), 1);
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

/* The last block stays, so that free() cannot give back what is below it by itself. */
static void trimming_gives_pages_back(void **state) {
    (void)state;
    enum { BLOCKS = 512, BLOCK_BYTES = 100000, FREED = (BLOCKS - 1) * BLOCK_BYTES };
    static void *blocks[BLOCKS];
    if (!MALLOC_IS_GLIBC) {
        skip();
    }
    for (size_t i = 0; i < BLOCKS; i++) {
        blocks[i] = hw_alloc(BLOCK_BYTES);
        memset(blocks[i], 0xa5, BLOCK_BYTES);
    }
    for (size_t i = 0; i + 1 < BLOCKS; i++) {
        hw_free(blocks[i]);
    }
    const long before = resident_bytes();
    hw_alloc_trim();
    assert_true(before - resident_bytes() > FREED / 2);
    hw_free(blocks[BLOCKS - 1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_checked_and_asked_for), cmocka_unit_test(want_of_memory_is_null),
        cmocka_unit_test(nothing_is_freed_for_null),       cmocka_unit_test(malloc_zeroes_what_was_used_before),
        cmocka_unit_test(trimming_gives_pages_back),
    };
    return cmocka_run_group_tests_name("core/alloc", tests, NULL, NULL);
}
