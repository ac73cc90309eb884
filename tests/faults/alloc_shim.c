/* SPDX-License-Identifier: Apache-2.0 */
/*
 * To be preloaded: fails one allocation of a run, whoever asks for it: the tool, curl, OpenSSL, jansson.
 *
 * HAWSER_ALLOC_FAIL=N     the N-th allocation of the process gets NULL; "N-": all from the N-th on
 * HAWSER_ALLOC_COUNT=FILE how many there were is written there at the end
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* What glibc's own names stand for: they are there before any library is initialised. */
void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *old, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);

static atomic_ullong calls;
static atomic_ullong first; /* 0: none fails */
static atomic_bool open_ended;

__attribute__((constructor)) static void shim_begin(void) {
    const char *text = getenv("HAWSER_ALLOC_FAIL");
    char *end = NULL;
    if (text) {
        unsigned long long number = strtoull(text, &end, 10);
        atomic_store(&open_ended, *end == '-');
        atomic_store(&calls, 0);
        atomic_store(&first, number);
    }
}

__attribute__((destructor)) static void shim_end(void) {
    const char *path = getenv("HAWSER_ALLOC_COUNT");
    unsigned long long count = atomic_load(&calls);
    atomic_store(&first, 0);
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) {
        fprintf(file, "%llu\n", count);
        fclose(file);
    }
}

static bool fails(void) {
    unsigned long long call = atomic_fetch_add(&calls, 1) + 1;
    unsigned long long at = atomic_load(&first);
    if (at == 0 || call < at || (call > at && !atomic_load(&open_ended))) {
        return false;
    }
    errno = ENOMEM;
    return true;
}

void *malloc(size_t bytes) {
    return fails() ? NULL : __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes) {
    return fails() ? NULL : __libc_calloc(count, bytes);
}

void *realloc(void *old, size_t bytes) {
    return fails() ? NULL : __libc_realloc(old, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes) {
    return fails() ? NULL : __libc_memalign(alignment, bytes);
}

int posix_memalign(void **out, size_t alignment, size_t bytes) {
    void *made = fails() ? NULL : __libc_memalign(alignment, bytes);
    if (!made) {
        return ENOMEM;
    }
    *out = made;
    return 0;
}
