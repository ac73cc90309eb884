/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records of DBN: which schemas there are, how the records of each version are laid out, and
 * which of their fields are columns. A record is of fixed size, all numbers are little-endian, and
 * the first 16 bytes are those of enum hw_dbn_header.
 */
#ifndef HW_DBN_LAYOUT_H
#define HW_DBN_LAYOUT_H

#include "core/base.h"
#include "core/view.h"

enum { HW_DBN_VERSION_MIN = 1, HW_DBN_VERSION_MAX = 3 };

/* The schemas, by their numbers in metadata. */
enum hw_dbn_schema {
    HW_DBN_MBO,
    HW_DBN_MBP_1,
    HW_DBN_MBP_10,
    HW_DBN_TBBO,
    HW_DBN_TRADES,
    HW_DBN_OHLCV_1S,
    HW_DBN_OHLCV_1M,
    HW_DBN_OHLCV_1H,
    HW_DBN_OHLCV_1D,
    HW_DBN_DEFINITION,
    HW_DBN_STATISTICS,
    HW_DBN_STATUS,
    HW_DBN_IMBALANCE,
    HW_DBN_OHLCV_EOD,
    HW_DBN_CMBP_1,
    HW_DBN_CBBO_1S,
    HW_DBN_CBBO_1M,
    HW_DBN_TCBBO,
    HW_DBN_BBO_1S,
    HW_DBN_BBO_1M,
    HW_DBN_SCHEMAS,
    /* Records of several schemas, as live captures have them. */
    HW_DBN_MIXED = 0xffff
};

/* Offsets in the header of every record. */
enum hw_dbn_header {
    HW_DBN_LENGTH = 0, /* u8: the bytes of the record, divided by HW_DBN_LENGTH_UNIT */
    HW_DBN_RTYPE = 1,
    HW_DBN_PUBLISHER_ID = 2,  /* u16 */
    HW_DBN_INSTRUMENT_ID = 4, /* u32 */
    HW_DBN_TS_EVENT = 8,      /* u64 */
    HW_DBN_HEADER_BYTES = 16
};
enum { HW_DBN_LENGTH_UNIT = 4, HW_DBN_RECORD_BYTES_MAX = 255 * HW_DBN_LENGTH_UNIT, HW_DBN_TS_OUT_BYTES = 8 };

/* Types of records that are no rows. */
enum { HW_DBN_RTYPE_ERROR = 0x15, HW_DBN_RTYPE_SYMBOL_MAPPING = 0x16, HW_DBN_RTYPE_SYSTEM = 0x17 };

/* Undefined values. */
#define HW_DBN_PRICE_UNDEFINED INT64_MAX
#define HW_DBN_TIME_UNDEFINED UINT64_MAX

enum hw_dbn_kind {
    HW_DBN_PRICE, /* i64, in units of 1e-9 */
    HW_DBN_TIME,  /* u64, nanoseconds since 1970 */
    HW_DBN_U8,
    HW_DBN_U16,
    HW_DBN_U32,
    HW_DBN_U64,
    HW_DBN_I8,
    HW_DBN_I16,
    HW_DBN_I32,
    HW_DBN_I64,
    HW_DBN_CHAR, /* one character; NUL is the empty text */
    HW_DBN_TEXT  /* characters up to the first NUL, which there has to be */
};

struct hw_dbn_field {
    const char *name;
    uint16_t offset;
    uint8_t kind;  /* enum hw_dbn_kind */
    uint8_t bytes; /* of HW_DBN_TEXT; 0 for all others */
    /* The greatest number of its type means that it is undefined; not set for prices and times. */
    bool greatest_undefined;
};

/* The records of a schema in one version. */
struct hw_dbn_layout {
    enum hw_dbn_schema schema;
    uint8_t rtype;
    uint16_t bytes; /* without ts_out */
    /* The offset of the timestamp by which files are sorted. */
    uint16_t index_ts;
    /* The columns behind index timestamp, ts_event, rtype, publisher_id and instrument_id. */
    const struct hw_dbn_field *fields;
    size_t fields_count;
};

/* Returns the layout. `version` is one of HW_DBN_VERSION_MIN to _MAX. */
const struct hw_dbn_layout *hw_dbn_layout_of(enum hw_dbn_schema schema, unsigned version);

/*
 * Returns how many bytes records of a type have in a version, without ts_out, be they rows or not;
 * 0 for a type that is not known.
 */
size_t hw_dbn_record_bytes(uint8_t rtype, unsigned version);

/*
 * Returns whether records of a type are rows of a schema. Old files have the type 0x11 for all bars
 * of ohlcv.
 */
bool hw_dbn_rtype_is_of(uint8_t rtype, enum hw_dbn_schema schema);

/* Returns the bytes of a field. */
size_t hw_dbn_field_bytes(const struct hw_dbn_field *field);

/* Returns the name of a schema, as "mbp-1"; NULL for a number that is none. */
const char *hw_dbn_schema_name(unsigned number);
/* Finds a schema by its name. Returns false where there is none. */
bool hw_dbn_schema_find(hw_view name, enum hw_dbn_schema *out_schema);

#endif
