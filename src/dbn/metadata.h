/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The metadata at the beginning of a DBN file: its schema and time range, the symbols that were
 * asked for, and which instruments they stood for when. Behind the 8 bytes of the prelude, which
 * say how long they are, they are HW_DBN_METADATA_FIXED_BYTES of fixed fields and then lists.
 */
#ifndef HW_DBN_METADATA_H
#define HW_DBN_METADATA_H

#include "core/arena.h"
#include "core/error.h"
#include "dbn/layout.h"

enum {
    HW_DBN_PRELUDE_BYTES = 8,
    /* The fixed fields, and the counts of four empty lists. */
    HW_DBN_METADATA_BYTES_MIN = 120,
    HW_DBN_DATASET_BYTES = 16,
    HW_DBN_SYMBOL_BYTES = 71,   /* of a symbol, its NUL included */
    HW_DBN_SYMBOL_BYTES_1 = 22, /* the same in version 1 */
    HW_DBN_STYPES = 16,         /* kinds of symbols */
    HW_DBN_STYPE_NONE = 255
};

/* The kinds of symbols that mappings go by. */
enum hw_dbn_stype { HW_DBN_STYPE_INSTRUMENT_ID = 0, HW_DBN_STYPE_RAW_SYMBOL = 1 };

/* Days are numbers as 20240301. The symbol holds from the first day on, and not on the last one. */
struct hw_dbn_interval {
    uint32_t start;
    uint32_t end;
    hw_view symbol;
};

struct hw_dbn_mapping {
    hw_view symbol;
    const struct hw_dbn_interval *intervals;
    size_t count;
};

struct hw_dbn_symbols {
    const hw_view *items;
    size_t count;
};

/* Texts are views of the bytes that were read; lists live in the arena. */
struct hw_dbn_metadata {
    unsigned version;
    hw_view dataset;
    unsigned schema; /* enum hw_dbn_schema */
    uint64_t start;  /* nanoseconds since 1970 */
    uint64_t end;    /* behind the last one; HW_DBN_TIME_UNDEFINED: open */
    uint64_t limit;  /* of records; 0: there is none */
    uint8_t stype_in;
    uint8_t stype_out;
    bool ts_out; /* HW_DBN_TS_OUT_BYTES follow each record */
    /* Reserved bytes are set, of which nobody knows the meaning. */
    bool reserved_set;
    struct hw_dbn_symbols symbols;
    struct hw_dbn_symbols partial;
    struct hw_dbn_symbols not_found;
    const struct hw_dbn_mapping *mappings;
    size_t mappings_count;
};

/* Says what is wrong with a file, beside the message. */
struct hw_dbn_fault {
    const char *code; /* as "dbn.version", of static storage */
    uint64_t offset;  /* in the decoded bytes */
};

/*
 * Reads the prelude of HW_DBN_PRELUDE_BYTES. `*out_bytes` is the length of the metadata behind it.
 * HW_EDATA for bytes that are none ("dbn.magic"), a version that is not known ("dbn.version") or
 * too few or more than HW_DBN_METADATA_BYTES_MAX bytes ("dbn.metadata_length"); `fault` is set
 * then.
 */
HW_NODISCARD enum hw_status hw_dbn_prelude_read(const uint8_t *bytes, unsigned *out_version, size_t *out_bytes,
                                                struct hw_dbn_fault *fault, struct hw_error *err);

/*
 * Reads metadata, which are borrowed as long as `out` is used. HW_EDATA where they are not what the
 * format says ("dbn.metadata"), or where a mapping has a day that does not exist or ends before it
 * begins ("dbn.mapping"); HW_ELIMIT for more than HW_DBN_SYMBOLS_MAX symbols or intervals;
 * HW_ENOMEM. `out` is untouched on failure.
 */
HW_NODISCARD enum hw_status hw_dbn_metadata_read(unsigned version, hw_view bytes, struct hw_arena *arena,
                                                 struct hw_dbn_metadata *out, struct hw_dbn_fault *fault,
                                                 struct hw_error *err);

/* Returns the name of a kind of symbols, as "raw_symbol"; NULL for HW_DBN_STYPE_NONE. */
const char *hw_dbn_stype_name(uint8_t stype);

#endif
