/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verification: whether the files of a data lake are what their formats, and the files themselves,
 * say that they are. Each place where one is not is a finding.
 */
#ifndef HAWSER_VERIFY_H
#define HAWSER_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hawser/error.h>
#include <hawser/store.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The part of a file that is looked at. */
enum hw_verify_level {
    HW_VERIFY_DEFAULT, /**< In options: HW_VERIFY_PAGES. */
    HW_VERIFY_FOOTER,  /**< The facts at its end, without any page. */
    HW_VERIFY_PAGES,   /**< Every byte, but no value. */
    HW_VERIFY_VALUES   /**< Every value, and whether statistics are true. */
};

enum hw_severity {
    HW_SEVERITY_ERROR,   /**< The file is wrong. */
    HW_SEVERITY_WARNING, /**< Readers may stumble over it, or the format does not define it. */
    HW_SEVERITY_INFO     /**< Worth knowing. */
};

/** A finding. Its texts are borrowed for the call that hands it out. */
struct hw_finding {
    enum hw_verify_level level;
    enum hw_severity severity;
    const char *code;    /**< A word that stays the same between versions: "footer.magic". */
    const char *message; /**< A sentence for people. */
    int64_t row_group;   /**< -1: the finding is of none, or nobody knows; so below. */
    const char *column;  /**< The path of the column, "a.b"; NULL. */
    int64_t page;        /**< Counted from 0 in its column chunk, the dictionary page too; -1. */
    int64_t offset;      /**< The byte of the file; -1. */
};
/** Takes a finding. Any status but HW_OK ends the call, which then returns it. */
typedef enum hw_status hw_finding_fn(void *ctx, const struct hw_finding *finding, struct hw_error *err);

/**
 * Makes the error of a finding, as the messages of Hawser have it: its place, its message, HW_EDATA
 * and the offset. `out_error` names no object.
 */
HW_API void hw_finding_error(const struct hw_finding *finding, struct hw_error *out_error);

/** The outcome of a file. */
enum hw_verify_outcome {
    HW_VERIFY_OK,          /**< All was looked at, and nothing is wrong. */
    HW_VERIFY_INVALID,     /**< There are errors. */
    HW_VERIFY_UNSUPPORTED, /**< A part cannot be read; what can be has no error. */
    HW_VERIFY_FAILED       /**< It could not be read, or not to its end. */
};

/** A file that was verified. All is borrowed for the call that hands it out. */
struct hw_verified {
    const char *path;
    const char *format; /**< "parquet", "avro", "csv"; NULL where nobody knows. */
    enum hw_verify_level level;
    enum hw_verify_outcome outcome;
    /** HW_OK, or why the file, or a part of it, could not be looked at. */
    enum hw_status status;
    const struct hw_error *error; /**< NULL where `status` is HW_OK. */
    uint64_t errors;              /**< Findings, also those beyond `findings_max`; so below. */
    uint64_t warnings;
    uint64_t infos;
    uint64_t size; /**< Bytes of the file. */
    int64_t rows;  /**< -1: nobody knows. */
    /** Pages, or blocks of Avro, that were read. */
    uint64_t pages;
    uint64_t pages_without_crc;
    uint64_t bytes_read;
    uint64_t requests; /**< Reads; across a network each is a request at least. */
    int64_t took_us;
};

/** The files of a call. */
struct hw_verify_sums {
    uint64_t files;
    uint64_t ok;
    uint64_t invalid;
    uint64_t unsupported;
    uint64_t failed;
    uint64_t errors;
    uint64_t warnings;
    uint64_t rows;
    uint64_t bytes_read;
};

/** Takes what a call tells, in the order of the files, in the thread that has called. */
struct hw_verify_listener {
    /** Takes a finding of a file, before that file itself. Any status but HW_OK ends the call. */
    enum hw_status (*found)(void *ctx, const char *path, const struct hw_finding *finding, struct hw_error *err);
    /** Takes a file. Any status but HW_OK ends the call. */
    enum hw_status (*file)(void *ctx, const struct hw_verified *file, struct hw_error *err);
    void *ctx;
};

/** {0} means the documented defaults. Texts are borrowed for the call. */
struct hw_verify_options {
    size_t size; /**< sizeof(struct hw_verify_options). */
    struct hw_store_options store;
    enum hw_verify_level level;
    /**
     * Columns of Parquet whose pages and values are looked at, "a,b.c", as for hw_inspect. The
     * checksum that a file has of all of its bytes is then not compared. HW_EUSAGE for files of
     * other formats. NULL: all.
     */
    const char *columns;
    /** Findings of a file that are told; those beyond are counted only. 0: 1,000. */
    size_t findings_max;
    /** Bytes of pages, windows and dictionaries, of all threads together. 0: the default budget. */
    uint64_t memory_bytes;
    /**
     * The most bytes of one page, before and after it is unpacked. 0: 256 MiB. No page has more
     * than half of what a thread has of `memory_bytes`.
     */
    size_t page_bytes_max;
    /** Files that are looked at side by side. 0: one a processor. */
    uint32_t threads;
    /**
     * The manifest of a folder, as hw_convert writes it: files in that folder are compared with its
     * entries by size, rows and, where all of their bytes are read, checksum. An entry whose file
     * is not there is told as a file that is invalid. NULL: none.
     */
    const char *manifest_path;
    /**
     * A file or object, or `-` for standard output, that gets what `listener` is told, a line of
     * JSON each, once all files were looked at. NULL: none.
     */
    const char *report_path;
    /** Warnings make a file invalid too. */
    bool strict;
};

/**
 * Verifies each file that the sources name: files, objects, folders that end in `/`, prefixes and
 * globs. Of folders those are meant that are called as Parquet, Avro or CSV are. A file is what its
 * first bytes say. `out_sums` may be NULL; else it is set in any case.
 *
 * HW_EDATA: a file is invalid. HW_EPARTIAL: none is, and some of several could not be looked at; of
 * a single one that is its status. HW_EUSAGE for a column that a file does not have. HW_ENOTFOUND
 * where nothing is found.
 */
HW_API HW_NODISCARD enum hw_status hw_verify(const char *const *sources, size_t sources_count,
                                             const struct hw_verify_options *options,
                                             const struct hw_verify_listener *listener, struct hw_verify_sums *out_sums,
                                             struct hw_error *err);

#ifdef __cplusplus
}
#endif

#endif
