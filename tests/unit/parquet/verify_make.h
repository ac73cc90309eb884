/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pages of the second row group's texts in the file of file_make.h, and the findings of files
 * that are made so.
 */
#ifndef HW_TESTS_VERIFY_MAKE_H
#define HW_TESTS_VERIFY_MAKE_H

#include "parquet/verify.h"
#include "support/memory_io.h"
#include "unit/parquet/file_make.h"

/* All findings of a check, a line each: "error page.crc 1 s.t 0: the message". */
struct findings {
    struct hw_buf lines;
    size_t errors;
    size_t count;
};

static inline enum hw_status findings_add(void *ctx, const struct hw_finding *finding, struct hw_error *err) {
    static const char *const words[] = {"error", "warning", "info"};
    struct findings *findings = ctx;
    findings->errors += finding->severity == HW_SEVERITY_ERROR;
    findings->count++;
    return hw_buf_printf(&findings->lines, err, "%s %s %" PRId64 " %s %" PRId64 ": %s\n", words[finding->severity],
                         finding->code, finding->row_group, finding->column ? finding->column : "-", finding->page,
                         finding->message);
}

static inline enum hw_status verify(hw_view file, enum hw_verify_level level, const char *columns,
                                    struct findings *findings, struct hw_parquet_verified *out, struct hw_error *err) {
    struct memory_source source = memory_source(file, 0);
    const struct hw_parquet_verify_options options = {
        .level = level, .columns = columns, .memory_bytes = 1 << 20, .page_bytes_max = 1 << 20};
    enum hw_status status = hw_parquet_verify(&source.base, &options, findings_add, findings, out, err);
    assert_int_equal(hw_buf_end_text(&findings->lines, NULL), HW_OK);
    return status;
}

/* A page of the second row group's texts, and what may be wrong with it. */
struct page {
    int type;
    int encoding;
    uint32_t values;
    const char *body;
    size_t body_bytes;
    int32_t uncompressed_more;
    bool wrong_crc;
    /* Of v2, whose levels have two bytes. */
    int32_t rows;
    int32_t nulls;
};

static const struct page good_page = {.type = HW_PAGE_DATA,
                                      .encoding = HW_ENCODING_PLAIN,
                                      .values = MADE_ROWS,
                                      .body = MADE_TEXTS,
                                      .body_bytes = sizeof(MADE_TEXTS) - 1,
                                      .rows = MADE_ROWS,
                                      .nulls = 1};

static inline void struct_write(struct hw_thrift *out, const struct page *page) {
    hw_thrift_begin(out, page->type == HW_PAGE_DATA ? 5 : page->type == HW_PAGE_DICTIONARY ? 7 : 8);
    hw_thrift_i32(out, 1, (int32_t)page->values);
    if (page->type == HW_PAGE_DATA_V2) {
        hw_thrift_i32(out, 2, page->nulls);
        hw_thrift_i32(out, 3, page->rows);
        hw_thrift_i32(out, 4, page->encoding);
        hw_thrift_i32(out, 5, 2);
        hw_thrift_i32(out, 6, 0);
    } else {
        hw_thrift_i32(out, 2, page->encoding);
    }
    if (page->type == HW_PAGE_DATA) {
        hw_thrift_i32(out, 3, HW_ENCODING_RLE);
        hw_thrift_i32(out, 4, HW_ENCODING_RLE);
    }
    hw_thrift_end(out);
}

static inline void page_write(struct hw_buf *pages, const struct page *page) {
    struct hw_thrift out;
    hw_thrift_init(&out, pages, NULL);
    hw_thrift_i32(&out, 1, page->type);
    hw_thrift_i32(&out, 2, (int32_t)page->body_bytes + page->uncompressed_more);
    hw_thrift_i32(&out, 3, (int32_t)page->body_bytes);
    hw_thrift_i32(&out, 4, (int32_t)(hw_crc32(0, page->body, page->body_bytes) ^ (page->wrong_crc ? 1u : 0u)));
    struct_write(&out, page);
    hw_thrift_end(&out);
    assert_int_equal(out.status, HW_OK);
    assert_int_equal(hw_buf_append(pages, page->body, page->body_bytes, NULL), HW_OK);
}

static inline struct page page_of(const char *body, size_t bytes) {
    struct page page = good_page;
    page.body = body;
    page.body_bytes = bytes;
    return page;
}

#define PAGE_OF(text) page_of(text, sizeof(text) - 1)

static inline size_t lines_of(const char *text) {
    size_t lines = text[0] ? 1 : 0;
    for (; *text; text++) {
        lines += *text == '\n' && text[1];
    }
    return lines;
}

/* Makes the pages of a file, verifies it, and checks the beginnings of all findings. */
struct verify_row {
    const char *name;
    void (*write)(struct hw_buf *pages, struct made_facts *facts);
    enum hw_verify_level level;
    /* The beginning of the only line; "" for none. */
    const char *want;
};

static inline void verify_row_check(const struct verify_row *row) {
    HW_AUTO(hw_buf) pages = {0};
    HW_AUTO(hw_buf) file = {0};
    struct made_facts facts = made_facts;
    struct findings findings = {0};
    struct hw_parquet_verified verified;
    struct hw_error err = HW_ERROR_INIT;
    row->write(&pages, &facts);
    facts.pages = hw_buf_view(&pages);
    file_make(&file, &facts);
    assert_ok(verify(hw_buf_view(&file), row->level, NULL, &findings, &verified, &err), err);
    const char *got = (const char *)findings.lines.data;
    if (findings.count != lines_of(row->want) || strncmp(got, row->want, strlen(row->want)) != 0) {
        fail_msg("%s: found\n%s, want %s", row->name, got, row->want);
    }
    hw_buf_release(&findings.lines);
}

#endif
