/* SPDX-License-Identifier: Apache-2.0 */
#include "support/corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/rows.h"

const char *corpus_path(const char *name) {
    static char path[1024];
    const char *root = getenv("HAWSER_CORPORA");
    snprintf(path, sizeof(path), "%s/%s", root ? root : "../shared/corpora", name);
    return access(path, R_OK) == 0 ? path : NULL;
}

void corpus_skip(const char *name) {
    printf("SKIPPED %s: the corpus is not here\n", name);
    skip();
}

bool corpus_read(const char *path, struct hw_buf *out) {
    FILE *file = fopen(path, "re");
    if (!file) {
        return false;
    }
    char block[16384];
    size_t got;
    bool ok = true;
    while (ok && (got = fread(block, 1, sizeof(block), file)) > 0) {
        ok = hw_buf_append(out, block, got, NULL) == HW_OK;
    }
    fclose(file);
    return ok;
}
