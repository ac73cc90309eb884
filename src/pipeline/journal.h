/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Journals: what is about to be published of one source where its output is many files. A journal
 * is written before the first of them becomes visible and removed after the manifest has them, so a
 * run that is killed or fails in between leaves one behind, and the next run knows which files may
 * be there of which no manifest tells. It has the form of a manifest and lies beside it:
 * "_hawser_journal-", 16 hex digits of the source's SHA-256, "-", 8 random ones, ".json".
 */
#ifndef HW_PIPELINE_JOURNAL_H
#define HW_PIPELINE_JOURNAL_H

#include <pthread.h>

#include "manifest/manifest.h"
#include "store/store.h"

#define HW_JOURNAL_PREFIX "_hawser_journal-"

struct hw_journal {
    char *key;
    bool settled; /* the manifest has, or does without, what it tells of */
};

struct hw_journal_list {
    struct hw_journal *items;
    size_t count;
    size_t capacity;
};

/* All journals in a folder. Zeroed: none, and none can be written. */
struct hw_journals {
    struct hw_store *store;
    const char *prefix; /* the folder */
    /* Says how journals are kept; set by the caller once they are open. NULL means {0}. */
    const struct hw_write_options *write;
    pthread_mutex_t lock;
    /* of runs that did not end, or have not yet, in byte order of their keys */
    struct hw_journal_list left;
    struct hw_journal_list own; /* under the lock */
};

/* Finds the journals that are there. */
HW_NODISCARD enum hw_status hw_journals_open(struct hw_journals *journals, struct hw_store *store, const char *prefix,
                                             struct hw_error *err);
/* Those of a source: `*out_first` in `left` and how many follow. Any thread. */
size_t hw_journals_of(const struct hw_journals *journals, const char *source, size_t *out_first);
/*
 * Reads one of `left`, and seals it. One that is gone, or that cannot be taken for a journal, has
 * no files. Any thread.
 */
HW_NODISCARD enum hw_status hw_journals_load(const struct hw_journals *journals, size_t number,
                                             struct hw_manifest *files, struct hw_error *err);
/*
 * Writes a journal of `count` files of `source`, and tells its number among our own. Any thread.
 */
HW_NODISCARD enum hw_status hw_journals_write(struct hw_journals *journals, const char *source,
                                              const struct hw_manifest_entry *files, size_t count, size_t *out_number,
                                              struct hw_error *err);
/* The manifest will have what our own journal tells of. Any thread. */
void hw_journals_settle(struct hw_journals *journals, size_t number);
/* Nothing is left of earlier runs with this source. Any thread. */
void hw_journals_settle_left(struct hw_journals *journals, const char *source);
/*
 * Removes settled journals, once the manifest is written. One that cannot be removed does no harm
 * and stays.
 */
void hw_journals_remove(struct hw_journals *journals);
void hw_journals_release(struct hw_journals *journals);

#endif
