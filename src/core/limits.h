/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Limits on what an input may ask for. Each is checked before memory or time is spent on an input
 * that asks for more. A test row stands behind each.
 */
#ifndef HW_CORE_LIMITS_H
#define HW_CORE_LIMITS_H

#include "core/base.h"

#define HW_CSV_COLUMNS_MAX 16384u                    /* columns of one table */
#define HW_MEMORY_BYTES_MIN HW_MIB(16)               /* what the tool may be told to stay within */
#define HW_CSV_WIDE_COLUMNS 2048u                    /* so many are parsed in larger blocks */
#define HW_CSV_COLUMNS_LIMIT 131072u                 /* the same, on request */
#define HW_CSV_NAME_BYTES_MAX 4096u                  /* one column name */
#define HW_CSV_FIELD_BYTES_MAX HW_MIB(16)            /* one field */
#define HW_CSV_RECORD_BYTES_MAX HW_MIB(64)           /* one record */
#define HW_SCHEMA_FILE_BYTES_MAX HW_MIB(16)          /* a schema file */
#define HW_CSV_WORDS_MAX 1000u                       /* words that are true, or false */
#define HW_CSV_PATTERN_BYTES_MAX 4096u               /* one pattern of a schema file */
#define HW_CSV_PATTERN_STATES_MAX 2048u              /* its characters with repeats written out */
#define HW_CSV_PATTERN_DEPTH_MAX 64u                 /* groups within groups of a pattern */
#define HW_CSV_UNIQUE_VALUES_MAX (UINT64_C(1) << 32) /* values of unique columns of an object */
#define HW_INFER_WHOLE_BYTES_MAX HW_MIB(256)         /* sources that infer reads as a whole */
#define HW_CSV_TYPE_GROUPS_BYTES_MAX HW_MIB(64)      /* what is kept of values for one schema */
#define HW_TABLE_DEPTH_MAX 100u                      /* columns within columns */
#define HW_TABLE_FIELDS_MAX 100000u                  /* columns, their children and dictionaries */
#define HW_TABLE_NAME_BYTES_MAX HW_KIB(64)           /* one name that another library gave */
#define HW_TABLE_METADATA_BYTES_MAX HW_MIB(16)       /* metadata of one column */
#define HW_FILE_PAIRS_MAX 10000u                     /* pairs of key-value metadata of a file */
#define HW_FILE_PAIRS_BYTES_MAX HW_MIB(8)            /* the same, keys and values in bytes */
#define HW_PAIR_JSON_NODES_MAX 1000000u              /* values of one pair that is JSON */
#define HW_PAIR_JSON_DEPTH_MAX 512u                  /* the same, in each other */
#define HW_PAIR_GEOMETRY_TYPES_MAX 32u               /* types of geometries of a column, joined */
#define HW_ARROW_TABLES_MAX 500000u                  /* tables of one ARROW:schema */
#define HW_ARROW_DEPTH_MAX 104u                      /* the same, in each other: 100 fields and 4 */
#define HW_PARQUET_ELEMENTS_MAX 100000u              /* elements of the schema of one file */
#define HW_DBN_METADATA_BYTES_MAX HW_MIB(64)         /* the metadata of a DBN file */
#define HW_DBN_SYMBOLS_MAX 4000000u                  /* symbols, or intervals, of a DBN file */
#define HW_DBN_LIVE_INTERVALS_MAX 4096u              /* symbols of one instrument */
#define HW_AVRO_HEAD_BYTES_MAX HW_MIB(16)            /* the header of an Avro file */
#define HW_AVRO_BLOCK_BYTES_MAX HW_MIB(64)           /* a block of an Avro file, as it is stored */
#define HW_AVRO_UNPACKED_BYTES_MAX HW_MIB(256)       /* the same, unpacked */
#define HW_AVRO_EMPTY_ITEMS_MAX (UINT64_C(1) << 20)  /* items without bytes of one block */
#define HW_AVRO_DEPTH_MAX 64u                        /* types within types of an Avro schema */
#define HW_AVRO_NAMES_MAX 10000u                     /* named types of an Avro schema */
#define HW_AVRO_BATCH_BYTES_MAX HW_MIB(1024)         /* one row that was read, in columns */
#define HW_AVRO_SPREAD_MAX 4000u                     /* bytes in columns to stored ones */
#define HW_MANIFEST_BYTES_MAX HW_MIB(1024)           /* a manifest read back */
#define HW_MANIFEST_ENTRY_BYTES_MAX HW_KIB(256)      /* one object in it, as JSON */
#define HW_HTTP_HEADER_BYTES_MAX HW_KIB(256)         /* all headers of a reply */
#define HW_HTTP_ERROR_BYTES_MAX HW_MIB(1)            /* body of an error reply */
#define HW_XML_REPLY_BYTES_MAX HW_MIB(8)             /* an XML reply */
#define HW_XML_DEPTH_MAX 16                          /* nesting of an XML reply */
#define HW_LIST_PAGE_OBJECTS_MAX 10000u              /* objects on one page of a listing */
#define HW_S3_KEY_BYTES_MAX 1024u                    /* one key */
#define HW_S3_DELETE_KEYS_MAX 1000u                  /* keys of one DeleteObjects */
#define HW_S3_PRESIGN_SECONDS_MAX 604800u            /* how long a presigned URL holds: 7 days */
#define HW_S3_PARTS_MAX 10000u                       /* parts of one upload */
#define HW_S3_PART_BYTES_MIN HW_MIB(5)               /* a part that is not the last */
#define HW_S3_PART_BYTES_MAX HW_MIB(5120)            /* one part, one plain PUT */
#define HW_CONFIG_BYTES_MAX HW_MIB(1)                /* an AWS config or credentials file */
#define HW_CREDENTIALS_REPLY_BYTES_MAX HW_KIB(64)    /* a reply with keys, a cached token */
#define HW_CREDENTIALS_PROFILES_MAX 16u              /* profiles that name each other as sources */
#define HW_ZIP_MEMBERS_MAX 65536u                    /* entries of one ZIP */
#define HW_ZIP_DIRECTORY_BYTES_MAX HW_MIB(32)        /* the central directory of one ZIP */
#define HW_UNPACK_RATIO_MAX 20000u                   /* unpacked to packed bytes, beyond 64 MiB */
#define HW_PACKED_DEPTH_MAX 3u                       /* packings of one text, one in the other */
#define HW_ZSTD_WINDOW_LOG_MAX 27                    /* window of a zstd frame: 128 MiB */
#define HW_PARTITIONS_MAX 100000u                    /* partitions of one source */
#define HW_PARTITION_COLUMNS_MAX 32u                 /* columns that they are made by */
#define HW_PATH_NAME_BYTES_MAX 255u                  /* one name in a path that we make */
#define HW_LISTED_LINKS_MAX 65536u                   /* links to folders that one listing follows */
#define HW_PATH_DEPTH_MAX 128                        /* folders below a source */
#define HW_GLOB_BYTES_MAX 4096u                      /* one glob */
#define HW_GLOB_DEPTH_MAX 32u                        /* braces in each other of a glob */
#define HW_SOURCE_LIST_BYTES_MAX HW_MIB(64)          /* a list of sources */
#define HW_PARQUET_META_RATIO_MAX 32u                /* memory of a parsed footer, to its bytes */
#define HW_PARQUET_PAGE_BYTES_MAX HW_MIB(256)        /* a page, before and after decompression */
#define HW_PARQUET_FOOTER_BYTES_MAX HW_MIB(256)      /* a footer */
#define HW_PARQUET_INDEX_BYTES_MAX HW_MIB(64)        /* an index: 100,000 pages, long bounds */
#define HW_INSPECT_PATH_BYTES_MAX HW_MIB(32)         /* all paths of a schema together */
#define HW_PARQUET_BLOOM_BYTES_MAX HW_MIB(128)       /* a bloom filter */
#define HW_PARQUET_CHUNK_PAIRS_BYTES_MAX HW_KIB(64)  /* metadata of a column chunk */
#define HW_WHERE_BYTES_MAX HW_MIB(1)                 /* a condition on rows */
#define HW_SORT_COLUMNS_MAX 64u                      /* columns by which rows are sorted */
#define HW_WHERE_DEPTH_MAX 64u                       /* conditions within conditions */
#define HW_PRICES_BYTES_MAX HW_MIB(1)                /* a table of prices */

#endif
