/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Columns of rows, without the parser around them. Its tests have what becomes of records;
 * test_number.c and test_datetime.c have the values themselves.
 */
#include "csv/columns.h"

#include "core/buf.h"
#include "csv/scan.h"
#include "support/alloc_fault.h"
#include "unit/csv/batch_text.h"
#include "unit/csv/column_rows.h"

/* A text on its way to columns, as many as its types. */
struct block {
    struct types types;
    struct hw_csv_column_state states[FIELDS_MAX];
    struct hw_column columns[FIELDS_MAX];
    struct hw_csv_index index;
    struct hw_csv_rows rows;
    struct hw_csv_block_columns run;
    struct hw_buf values, text, scratch, wrong;
};

static void block_types(struct block *block, const char *const *types, bool given) {
    types_read(types, &block->types);
    for (size_t i = 0; i < block->types.schema.count; i++) {
        block->states[i] = (struct hw_csv_column_state){
            .type = block->types.fields[i].type,
            .required = block->types.fields[i].required,
            .type_given = given,
            .profile = HW_CSV_PROFILE_INIT,
        };
    }
}

static void block_nulls(struct block *block, const struct hw_csv_nulls *nulls) {
    for (size_t i = 0; i < block->types.schema.count; i++) {
        block->states[i].nulls = nulls;
    }
}

/* Makes rows of a text, and the room that the contract asks for and no more. */
static void block_rows(struct block *block, const struct hw_csv_dialect *dialect, hw_view text) {
    const size_t columns = block->types.schema.count;
    struct hw_error err = HW_ERROR_INIT;
    size_t bytes = 0;
    assert_ok(hw_csv_index_run(&block->index, dialect, text.data, text.size, true, &err), err);
    assert_ok(hw_csv_rows_make(&block->rows, &block->index, dialect, text.data, columns, true, &err), err);
    for (size_t i = 0; i < columns; i++) {
        bytes += hw_csv_column_bytes(block->types.fields[i].type, block->rows.count);
    }
    hw_buf_release(&block->values);
    hw_buf_release(&block->text);
    assert_ok(hw_buf_resize(&block->values, bytes, &err), err);
    assert_ok(hw_buf_resize(&block->text, text.size + HW_BATCH_PADDING, &err), err);
    hw_buf_clear(&block->wrong);
    block->run = (struct hw_csv_block_columns){
        .dialect = dialect,
        .rows = &block->rows,
        .data = text.data,
        .values = &block->values,
        .text = &block->text,
        .scratch = &block->scratch,
        .wrong = &block->wrong,
    };
}

static void block_parse(struct block *block) {
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < block->types.schema.count; i++) {
        assert_ok(hw_csv_column_parse(&block->run, i, &block->states[i], &block->columns[i], &err), err);
    }
}

static bool block_misfits(const struct block *block) {
    bool misfits = false;
    for (size_t i = 0; i < block->types.schema.count; i++) {
        misfits |= block->states[i].misfit;
    }
    return misfits;
}

static void block_release(struct block *block) {
    hw_csv_index_release(&block->index);
    hw_csv_rows_release(&block->rows);
    hw_buf_release(&block->values);
    hw_buf_release(&block->text);
    hw_buf_release(&block->scratch);
    hw_buf_release(&block->wrong);
}

static void values_by_rows(void **state) {
    (void)state;
    struct text_room room = {0};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) shown = {0};
    HW_AUTO(hw_csv_nulls) nulls = {0};
    assert_ok(hw_csv_nulls_init(&nulls, null_values, COUNT_OF(null_values), &err), err);
    for (size_t i = 0; i < COUNT_OF(column_rows) * COUNT_OF(text_around); i++) {
        const struct column_row *row = &column_rows[i % COUNT_OF(column_rows)];
        struct block block = {0};
        block_types(&block, row->types, false);
        hw_view text = text_put(&room, row->text, 0, text_around[i / COUNT_OF(column_rows)]);
        block_rows(&block, row->dialect ? row->dialect : &text_rfc4180, text);
        block_nulls(&block, row->nulls ? &nulls : NULL);
        block_parse(&block);
        assert_row_int(row->name, block_misfits(&block), row->want == NULL);
        assert_row_int(row->name, block.wrong.size, 0);
        if (row->want) {
            const struct hw_batch batch = {&block.types.schema, block.rows.count, block.columns};
            batch_text(&batch, (hw_buf_clear(&shown), &shown));
            assert_row_bytes(row->name, shown.data, shown.size, row->want, strlen(row->want));
        }
        block_release(&block);
    }
    text_room_release(&room);
}

/* Fields of other dialects than RFC 4180, and nulls in quotes. */
static const struct hw_csv_dialect safe = {.delimiter = ',', .escape = '\\', .end = '\n', .escape_everywhere = true};
static const struct hw_csv_dialect mysql = {.delimiter = ',',
                                            .quote = '"',
                                            .escape = '\\',
                                            .end = '\n',
                                            .escape_everywhere = true,
                                            .escapes = HW_CSV_ESCAPES_MYSQL};
static const struct hw_csv_dialect lenient = {.delimiter = ',', .quote = '"', .end = '\n', .quotes_lenient = true};
static const struct hw_csv_dialect colons = {.delimiter = ':', .quote = '"', .end = '\n', .delimiter_tail = {1, ":"}};
static const struct hw_csv_dialect trailing = {.delimiter = ',', .quote = '"', .end = '\n', .trailing_delimiter = true};
static const struct {
    const char *name;
    const struct hw_csv_dialect *dialect;
    const char *types[FIELDS_MAX];
    hw_view text;
    const char *want; /* NULL: something misfits */
    bool quoted;      /* null values count in quotes too */
    size_t unclear;   /* fields with an escape that is not clear */
} dialect_rows[] = {
    {"escapes", &safe, {"text", "text"}, HW_VIEW_INIT("a\\,b,c\\\n\n"), "\"a,b\"|\"c\n\"\n", false, 0},
    {"an escape in a number", &safe, {"int64", "date"}, HW_VIEW_INIT("\\-5,1970\\-01-02\n"), "-5|1\n", false, 0},
    {"a null value as it stands", &safe, {"text", "text"}, HW_VIEW_INIT("NA,\\-\n"), "~|\"-\"\n", false, 0},
    {"unclear escapes", &safe, {"text", "int64"}, HW_VIEW_INIT("\\N,\\1\nb,2\n"), "~|~\n\"b\"|2\n", false, 2},
    {"N is null", &mysql, {"text", "int64", "boolean"}, HW_VIEW_INIT("\\N,\\N,\\N\n"), "~|~|~\n", false, 0},
    {"not in quotes", &mysql, {"text"}, HW_VIEW_INIT("\"\\N\"\n"), "\"N\"\n", false, 0},
    {"controls", &mysql, {"text", "text"}, HW_VIEW_INIT("a\\tb,\"\\n\"\n"), "\"a\tb\"|\"\n\"\n", false, 0},
    {"lenient quotes",
     &lenient,
     {"text", "int64"},
     HW_VIEW_INIT("\"a \"b\" c\",\"5\"\n"),
     "\"a \"b\" c\"|5\n",
     false,
     0},
    {"two bytes between",
     &colons,
     {"int64", "text", "double", "date"},
     HW_VIEW_INIT("1::\"a::\"::2.5::1970-01-02\n2::b\n"),
     "1|\"a::\"|2.5|1\n2|\"b\"|~|~\n",
     false,
     0},
    {"delimiters at the end",
     &trailing,
     {"int64", "text"},
     HW_VIEW_INIT("1,a,\n2,,\n3,b\n4,\"\"\n"),
     "1|\"a\"\n2|~\n3|\"b\"\n4|\"\"\n",
     false,
     0},
    {"nulls in quotes",
     &text_rfc4180,
     {"text", "int64", "boolean"},
     HW_VIEW_INIT("\"NA\",\"NA\",\"0\"\n\"\",\"\",NA\n\"N\"\"A\",\"5\",\"true\"\n"),
     "~|~|~\n~|~|~\n\"N\"A\"|5|T\n",
     true,
     0},
    {"nulls in quotes only on request",
     &text_rfc4180,
     {"text", "int64"},
     HW_VIEW_INIT("\"NA\",1\n\"\",2\n"),
     "\"NA\"|1\n\"\"|2\n",
     false,
     0},
    {"a text in quotes misfits", &text_rfc4180, {"int64"}, HW_VIEW_INIT("\"NA\"\n"), NULL, false, 0},
};

static void dialects_by_rows(void **state) {
    static const char *const texts[] = {"NA", "", "0"};
    (void)state;
    struct text_room room = {0};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) shown = {0};
    HW_AUTO(hw_csv_nulls) nulls = {0};
    assert_ok(hw_csv_nulls_init(&nulls, texts, COUNT_OF(texts), &err), err);
    for (size_t i = 0; i < COUNT_OF(dialect_rows); i++) {
        struct block block = {0};
        nulls.quoted = dialect_rows[i].quoted;
        block_types(&block, dialect_rows[i].types, false);
        block_nulls(&block, &nulls);
        block_rows(&block, dialect_rows[i].dialect, text_put(&room, dialect_rows[i].text, 0, '"'));
        block_parse(&block);
        assert_row_int(dialect_rows[i].name, block_misfits(&block), dialect_rows[i].want == NULL);
        assert_row_int(dialect_rows[i].name, block.wrong.size / sizeof(struct hw_csv_wrong), dialect_rows[i].unclear);
        const struct hw_csv_wrong *wrong = (const struct hw_csv_wrong *)(const void *)block.wrong.data;
        for (size_t k = 0; k < dialect_rows[i].unclear; k++) {
            assert_row_int(dialect_rows[i].name, wrong[k].reason, HW_CSV_UNCLEAR_ESCAPE);
        }
        if (dialect_rows[i].want) {
            const struct hw_batch batch = {&block.types.schema, block.rows.count, block.columns};
            batch_text(&batch, (hw_buf_clear(&shown), &shown));
            assert_row_bytes(dialect_rows[i].name, shown.data, shown.size, dialect_rows[i].want,
                             strlen(dialect_rows[i].want));
        }
        block_release(&block);
    }
    text_room_release(&room);
}

/* Values that are not written in the common form, or have blanks around them. */
static void spelled_values_by_rows(void **state) {
    static const char *const yes[] = {"yes", "1"};
    static const char *const no[] = {"no", "0"};
    static const struct hw_csv_spelling german = {.decimal_comma = true, .thousands = '.'};
    static const struct hw_csv_spelling words = {.true_values = {yes, 2}, .false_values = {no, 2}};
    static const struct {
        const char *name;
        const char *types[FIELDS_MAX];
        const struct hw_csv_spelling *spelling;
        bool trim;
        hw_view text;
        const char *want; /* NULL: something misfits */
    } rows[] = {
        {"blanks around values",
         {"int64", "double", "text", "date"},
         NULL,
         true,
         HW_VIEW_INIT(" 1 ,\t2.5, a b ,1970-01-02 \n2,3,\" c \",\n"),
         "1|2.5|\"a b\"|1\n2|3|\" c \"|~\n"},
        {"nothing but blanks", {"int64", "text", "boolean"}, NULL, true, HW_VIEW_INIT(" , \t, \n"), "~|~|~\n"},
        {"blanks inside quotes", {"int64"}, NULL, true, HW_VIEW_INIT("\" 1\"\n"), NULL},
        {"blanks are no part of null values", {"text"}, NULL, true, HW_VIEW_INIT(" NA \n"), "~\n"},
        {"a quote behind a blank", {"text"}, NULL, true, HW_VIEW_INIT("x\n \"a\n"), "\"x\"\n\"\"a\"\n"},
        {"blanks where nothing trims", {"text"}, NULL, false, HW_VIEW_INIT(" a \n"), "\" a \"\n"},
        {"decimal commas",
         {"double", "decimal(6,2)", "int64"},
         &german,
         false,
         HW_VIEW_INIT("\"1.299,5\",\"1.299,99\",1.299\n-3,\"-0,5\",-7\n"),
         "1299.5|129999|1299\n-3|-50|-7\n"},
        {"a point where a comma is one", {"double"}, &german, false, HW_VIEW_INIT("1.5\n"), NULL},
        {"blanks around a decimal comma", {"double"}, &german, true, HW_VIEW_INIT(" 1.299 \n"), "1299\n"},
        {"words",
         {"boolean", "text"},
         &words,
         false,
         HW_VIEW_INIT("yes,yes\n\"no\",1\nTRUE,\n1,0\n"),
         "T|\"yes\"\nF|\"1\"\nT|~\nT|\"0\"\n"},
        {"another word", {"boolean"}, &words, false, HW_VIEW_INIT("maybe\n"), NULL},
        {"words that are numbers", {"int64"}, &words, false, HW_VIEW_INIT("1\n0\n2\n"), "1\n0\n2\n"},
    };
    (void)state;
    struct text_room room = {0};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) shown = {0};
    HW_AUTO(hw_csv_nulls) nulls = {0};
    assert_ok(hw_csv_nulls_init(&nulls, null_values, COUNT_OF(null_values), &err), err);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct block block = {0};
        struct hw_csv_spelling spelling = rows[i].spelling ? *rows[i].spelling : (struct hw_csv_spelling){0};
        spelling.trim = rows[i].trim;
        block_types(&block, rows[i].types, false);
        for (size_t k = 0; k < block.types.schema.count; k++) {
            block.states[k].spelling = hw_csv_spelling_is_common(&spelling) ? NULL : &spelling;
        }
        block_rows(&block, &text_rfc4180, text_put(&room, rows[i].text, 0, '"'));
        block_nulls(&block, &nulls);
        block_parse(&block);
        assert_row_int(rows[i].name, block_misfits(&block), rows[i].want == NULL);
        if (rows[i].want) {
            const struct hw_batch batch = {&block.types.schema, block.rows.count, block.columns};
            batch_text(&batch, (hw_buf_clear(&shown), &shown));
            assert_row_bytes(rows[i].name, shown.data, shown.size, rows[i].want, strlen(rows[i].want));
        }
        block_release(&block);
    }
    text_room_release(&room);
}

/* Where the dialect trims, blanks around quotes count nowhere; a column may keep others. */
static void padded_quotes_by_rows(void **state) {
    static const struct hw_csv_dialect trimmed = {.delimiter = ',', .quote = '"', .end = '\n', .trim = true};
    static const struct hw_csv_dialect runs = {
        .delimiter = ' ', .quote = '"', .end = '\n', .trim = true, .blanks = true};
    static const struct {
        const char *name;
        const struct hw_csv_dialect *dialect;
        const char *types[FIELDS_MAX];
        bool trim; /* the column's own */
        hw_view text;
        const char *want;
    } rows[] = {
        {"trimmed",
         &trimmed,
         {"int64", "text"},
         true,
         HW_VIEW_INIT(" \"1\" , \"a, \"\"b\"\n2 , c \n"),
         "1|\"a, \"b\"\n2|\"c\"\n"},
        {"blanks kept",
         &trimmed,
         {"int64", "text"},
         false,
         HW_VIEW_INIT(" \"1\" , \"a,b\" \n2, c \n"),
         "1|\"a,b\"\n2|\" c \"\n"},
        {"runs of blanks",
         &runs,
         {"int64", "text", "boolean"},
         false,
         HW_VIEW_INIT("  1  \"a b\"\ttrue \n2 \"\"   \"\"\n"),
         "1|\"a b\"|T\n2|\"\"|~\n"},
    };
    (void)state;
    struct text_room room = {0};
    HW_AUTO(hw_buf) shown = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct block block = {0};
        const struct hw_csv_spelling spelling = {.trim = rows[i].trim};
        block_types(&block, rows[i].types, false);
        for (size_t k = 0; k < block.types.schema.count; k++) {
            block.states[k].spelling = &spelling;
        }
        block_rows(&block, rows[i].dialect, text_put(&room, rows[i].text, 0, '"'));
        block_parse(&block);
        assert_row_int(rows[i].name, block_misfits(&block), false);
        const struct hw_batch batch = {&block.types.schema, block.rows.count, block.columns};
        batch_text(&batch, (hw_buf_clear(&shown), &shown));
        assert_row_bytes(rows[i].name, shown.data, shown.size, rows[i].want, strlen(rows[i].want));
        block_release(&block);
    }
    text_room_release(&room);
}

/*
 * A column of words for booleans becomes what its values are besides, should another value come.
 * All of them are in the profile.
 */
static void words_are_values_besides(void **state) {
    static const char *const yes[] = {"yes", "1"};
    static const char *const no[] = {"no", "0"};
    static const struct hw_csv_spelling words = {.true_values = {yes, 2}, .false_values = {no, 2}};
    static const struct {
        hw_view text;
        const char *want;
    } rows[] = {
        {HW_VIEW_INIT("1\n0\n2\n"), "int64"},  {HW_VIEW_INIT("1\n0\n0.5\n"), "double"},
        {HW_VIEW_INIT("1\nyes\n2\n"), "text"}, {HW_VIEW_INIT("1\nyes\nno\n"), "boolean"},
        {HW_VIEW_INIT("2\nyes\n"), "text"},
    };
    (void)state;
    struct text_room room = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct block block = {0};
        char got[64];
        block_types(&block, (const char *const[FIELDS_MAX]){"boolean"}, false);
        block.states[0].spelling = &words;
        block_rows(&block, &text_rfc4180, text_put(&room, rows[i].text, 0, '"'));
        block_parse(&block);
        hw_type_format(hw_csv_profile_type(&block.states[0].profile, HW_CSV_DECIMALS_EXACT), got, sizeof(got));
        assert_row_text(rows[i].text.data, got, rows[i].want);
        block_release(&block);
    }
    text_room_release(&room);
}

/*
 * Values that do not fit a type that nobody gave: the first one, and what the column is known to
 * be.
 */
static void misfits_by_rows(void **state) {
    static const struct {
        const char *name;
        const char *type; /* of the second column of two */
        hw_view text;
        hw_view first; /* as it stands in the text, where it stands for the first time */
        unsigned seen; /* by the misfits; what has fitted comes on top */
    } rows[] = {
        {"a text", "int64", HW_VIEW_INIT("a,1\nb,x\n"), HW_VIEW_INIT("x"), HW_SEEN_TEXT | HW_SEEN_PROSE},
        {"the first of several", "int64", HW_VIEW_INIT("a,2.5\nb,x\n"), HW_VIEW_INIT("2.5"),
         HW_SEEN_DOUBLE | HW_SEEN_TEXT | HW_SEEN_PROSE},
        {"a word for null", "int64", HW_VIEW_INIT("a,1\nb,N/A\n"), HW_VIEW_INIT("N/A"), HW_SEEN_TEXT},
        {"quotes are part of it", "int64", HW_VIEW_INIT("a,\"2.5\"\n"), HW_VIEW_INIT("\"2.5\""), HW_SEEN_DOUBLE},
        {"a date among booleans", "boolean", HW_VIEW_INIT("a,true\nb,2020-01-01\n"), HW_VIEW_INIT("2020-01-01"),
         HW_SEEN_DATE},
        {"the first value at all", "null", HW_VIEW_INIT("a,\nb,true\n"), HW_VIEW_INIT("true"), HW_SEEN_BOOL},
        {"empty quotes, the first value at all", "null", HW_VIEW_INIT("a,\nb,\"\"\n"), HW_VIEW_INIT("\"\""),
         HW_SEEN_EMPTY},
    };
    static const unsigned fitted[HW_KIND_COUNT] = {[HW_KIND_INT64] = HW_SEEN_INT, [HW_KIND_BOOL] = HW_SEEN_BOOL};
    (void)state;
    struct text_room room = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct block block = {0};
        block_types(&block, (const char *const[FIELDS_MAX]){"text", rows[i].type}, false);
        hw_view text = text_put(&room, rows[i].text, 0, '1');
        block_rows(&block, &text_rfc4180, text);
        block_parse(&block);
        const struct hw_csv_column_state *column = &block.states[1];
        const struct hw_csv_misfit *misfit = &column->first_misfit;
        const char *want = memmem(text.data, text.size, rows[i].first.data, rows[i].first.size);
        assert_row_int(rows[i].name, block.states[0].misfit, false);
        assert_row_int(rows[i].name, column->misfit, true);
        assert_row_int(rows[i].name, misfit->column, 1);
        assert_row_int(rows[i].name, misfit->offset, want - text.data);
        assert_row_int(rows[i].name, misfit->bytes, rows[i].first.size);
        assert_row_int(rows[i].name, column->profile.seen & ~fitted[column->type.kind], rows[i].seen);
        assert_row_int(rows[i].name, block.wrong.size, 0);
        block_release(&block);
    }
    text_room_release(&room);
}

/*
 * A misfit of an earlier block leaves the column without values, and each block adds to its
 * profile.
 */
static void a_column_with_a_misfit_is_only_observed(void **state) {
    (void)state;
    struct text_room room = {0};
    struct block block = {0};
    block_types(&block, (const char *const[FIELDS_MAX]){"boolean", "int64"}, false);
    block.states[1].misfit = true;
    block.states[1].first_misfit = (struct hw_csv_misfit){.column = 1, .offset = 77, .bytes = 7};
    block_rows(&block, &text_rfc4180, text_put(&room, HW_VIEW("true,\"1.25\"\n,12.5\nfalse,\n"), 0, '1'));
    block_parse(&block);
    assert_null(block.columns[1].values);
    assert_int_equal(block.states[1].first_misfit.offset, 77);
    assert_int_equal(block.states[1].profile.seen, HW_SEEN_DOUBLE);
    assert_int_equal(block.states[1].profile.digits.before, 2);
    assert_int_equal(block.states[1].profile.digits.after, 2);
    assert_int_equal(block.columns[0].null_count, 1);
    block_rows(&block, &text_rfc4180, text_put(&room, HW_VIEW("true,x\ntrue,1\n"), 0, '1'));
    block_parse(&block);
    assert_int_equal(block.states[1].profile.seen, HW_SEEN_DOUBLE | HW_SEEN_TEXT | HW_SEEN_PROSE);
    block_release(&block);
    text_room_release(&room);
}

/* Fields that a given schema forbids: "row column@offset reason", each followed by a space. */
static void wrong_fields_by_rows(void **state) {
    static const struct {
        const char *name;
        const char *types[FIELDS_MAX];
        hw_view text;
        const char *wrong;
    } rows[] = {
        {"nothing wrong", {"int64!", "text!"}, HW_VIEW_INIT("1,\"\"\n2,x\n"), ""},
        {"no value of the type", {"int64", "date"}, HW_VIEW_INIT("1,x\ny,\n"), "1 0@4 wrong_type 0 1@2 wrong_type "},
        {"a null in a required column",
         {"int64", "int64!"},
         HW_VIEW_INIT("1,\n,2\n3,\"\"\n"),
         "0 1@2 null_in_required_column 2 1@8 null_in_required_column "},
        {"a required field that the record lacks",
         {"int64", "int64", "int64!"},
         HW_VIEW_INIT("12\n1,2,3\n"),
         "0 2@2 null_in_required_column "},
        {"a value where only nulls are allowed", {"null"}, HW_VIEW_INIT("x\n"), "0 0@0 wrong_type "},
        {"empty quotes where only nulls are allowed", {"null", "text"}, HW_VIEW_INIT("\"\",x\n"), ""},
        {"the sign of a zero", {"decimal(4,2)"}, HW_VIEW_INIT("-0.00\n-0.001\n"), "1 0@6 wrong_type "},
    };
    (void)state;
    struct text_room room = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct block block = {0};
        HW_AUTO(hw_buf) shown = {0};
        struct hw_error err = HW_ERROR_INIT;
        block_types(&block, rows[i].types, true);
        block_rows(&block, &text_rfc4180, text_put(&room, rows[i].text, 0, '1'));
        block_parse(&block);
        const struct hw_csv_wrong *wrong = (const struct hw_csv_wrong *)(const void *)block.wrong.data;
        for (size_t k = 0; k < block.wrong.size / sizeof(*wrong); k++) {
            assert_ok(hw_buf_printf(&shown, &err, "%u %u@%u %s ", wrong[k].row, wrong[k].column, wrong[k].offset,
                                    hw_csv_reason_name(wrong[k].reason)),
                      err);
        }
        assert_ok(hw_buf_end_text(&shown, &err), err);
        assert_row_text(rows[i].name, (const char *)shown.data, rows[i].wrong);
        assert_row_int(rows[i].name, block_misfits(&block), false);
        block_release(&block);
    }
    text_room_release(&room);
}

/* Whether so many bytes and a batch's padding lie within a buffer. */
static bool room_has(const struct hw_buf *buf, const void *at, size_t bytes) {
    size_t offset = (size_t)((const uint8_t *)at - buf->data);
    return (const uint8_t *)at >= buf->data && offset + bytes + HW_BATCH_PADDING <= buf->size;
}

/*
 * Values of all kinds, and of all numbers of rows, stay in the room that they have said to take.
 * The last column shows it: nothing follows its room.
 */
static void values_stay_in_their_room(void **state) {
    enum { ROWS_MAX = 130 };
    static const struct {
        const char *type;
        const char *value;
        size_t bits; /* of a value, by Arrow's columnar format */
    } kinds[] = {
        {"null", "", 0},
        {"boolean", "true", 1},
        {"int64", "-9223372036854775808", 64},
        {"double", "1e300", 64},
        {"decimal(38,0)", "99999999999999999999999999999999999999", 128},
        {"date", "9999-12-31", 32},
        {"timestamp(us)", "1970-01-01 00:00:00.123456", 64},
        {"uuid", "ffffffff-ffff-ffff-ffff-ffffffffffff", 128},
        {"text", "some words of text, in quotes", 32},
    };
    (void)state;
    struct text_room room = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < COUNT_OF(kinds) * ROWS_MAX; i++) {
        const char *name = kinds[i / ROWS_MAX].type;
        const size_t count = i % ROWS_MAX;
        HW_AUTO(hw_buf) csv = {0};
        struct block block = {0};
        for (size_t row = 0; row < count; row++) {
            const char *value = row % 3 == 2 ? "" : kinds[i / ROWS_MAX].value;
            const char *quote = strchr(value, ',') ? "\"" : "";
            assert_ok(hw_buf_printf(&csv, &err, "1,%s%s%s\n", quote, value, quote), err);
        }
        block_types(&block, (const char *const[FIELDS_MAX]){"int64", name}, true);
        block_rows(&block, &text_rfc4180, text_put(&room, hw_buf_view(&csv), 0, '1'));
        assert_row_int(name, block.rows.count, count);
        block_parse(&block);
        assert_row_int(name, block.wrong.size, 0);
        assert_row_int(name, block.run.values_used <= block.values.size, true);
        const struct hw_column *column = &block.columns[1];
        size_t bits = (count + (column->offsets != NULL)) * kinds[i / ROWS_MAX].bits;
        assert_row_int(name, room_has(&block.values, column->values, (bits + 7) / 8), true);
        assert_row_int(name, column->length, count);
        assert_row_int(name, column->validity != NULL, column->null_count > 0);
        if (column->validity) {
            assert_row_int(name, room_has(&block.values, column->validity, (count + 7) / 8), true);
        }
        if (column->offsets) {
            assert_row_int(name, room_has(&block.text, column->data, (size_t)column->offsets[count]), true);
        }
        block_release(&block);
    }
    text_room_release(&room);
}

static void single_values_by_rows(void **state) {
    static const struct {
        const char *name;
        const char *type;
        hw_view text;
        bool want;
        hw_view bytes; /* of the value, little-endian */
    } rows[] = {
        {"boolean", "boolean", HW_VIEW_INIT("True"), true, HW_VIEW_INIT("\1")},
        {"integer", "int64", HW_VIEW_INIT("-2"), true, HW_VIEW_INIT("\xfe\xff\xff\xff\xff\xff\xff\xff")},
        {"no integer", "int64", HW_VIEW_INIT("2."), false, HW_VIEW_INIT("")},
        {"double", "double", HW_VIEW_INIT("-2"), true, HW_VIEW_INIT("\0\0\0\0\0\0\0\xc0")},
        {"decimal", "decimal(5,2)", HW_VIEW_INIT("2.5"), true, HW_VIEW_INIT("\xfa\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")},
        {"a given decimal's sign", "decimal(5,2)", HW_VIEW_INIT("-0"), true,
         HW_VIEW_INIT("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")},
        {"a decimal too fine", "decimal(5,2)", HW_VIEW_INIT("2.555"), false, HW_VIEW_INIT("")},
        {"date", "date", HW_VIEW_INIT("1970-01-03"), true, HW_VIEW_INIT("\2\0\0\0")},
        {"microseconds", "timestamp(us)", HW_VIEW_INIT("1970-01-01T00:00:00.000002"), true,
         HW_VIEW_INIT("\2\0\0\0\0\0\0\0")},
        {"microseconds are no finer", "timestamp(us)", HW_VIEW_INIT("1970-01-01T00:00:00.0000021"), false,
         HW_VIEW_INIT("")},
        {"zeros at the end are no finer", "timestamp(us)", HW_VIEW_INIT("1970-01-01T00:00:00.000002000"), true,
         HW_VIEW_INIT("\2\0\0\0\0\0\0\0")},
        {"nanoseconds", "timestamp(ns)", HW_VIEW_INIT("1970-01-01T00:00:00.000002"), true,
         HW_VIEW_INIT("\xd0\7\0\0\0\0\0\0")},
        {"an instant has a zone", "timestamp(us, UTC)", HW_VIEW_INIT("1970-01-01T00:00:00"), false, HW_VIEW_INIT("")},
        {"uuid", "uuid", HW_VIEW_INIT("00112233-4455-6677-8899-aabbccddeeff"), true,
         HW_VIEW_INIT("\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff")},
        {"nothing", "int64", HW_VIEW_INIT(""), false, HW_VIEW_INIT("")},
        {"a text is not parsed", "text", HW_VIEW_INIT("x"), false, HW_VIEW_INIT("")},
        {"a null is not parsed", "null", HW_VIEW_INIT("x"), false, HW_VIEW_INIT("")},
    };
    (void)state;
    struct text_room room = {0};
    for (size_t i = 0; i < COUNT_OF(rows) * COUNT_OF(text_around); i++) {
        const char *name = rows[i % COUNT_OF(rows)].name;
        const hw_view want = rows[i % COUNT_OF(rows)].bytes;
        _Alignas(16) uint8_t slot[16] = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_type type;
        assert_ok(hw_type_parse(rows[i % COUNT_OF(rows)].type, &type, &err), err);
        hw_view text = text_put(&room, rows[i % COUNT_OF(rows)].text, 0, text_around[i / COUNT_OF(rows)]);
        assert_row_int(name, hw_csv_value_parse(type, text, slot), rows[i % COUNT_OF(rows)].want);
        assert_row_bytes(name, slot, want.size, want.data, want.size);
    }
    text_room_release(&room);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    struct text_room room = {0};
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct block block = {0};
        struct hw_error err = HW_ERROR_INIT;
        block_types(&block, (const char *const[FIELDS_MAX]){"int64"}, true);
        block_rows(&block, &text_rfc4180, text_put(&room, HW_VIEW("\"1\"\nx\n"), 0, '0'));
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_csv_column_parse(&block.run, 0, &block.states[0], &block.columns[0], &err);
        hw_buf_release(&block.scratch);
        hw_buf_release(&block.wrong);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        assert_true(fired || successes == 2); /* a field without its quotes, a wrong one */
        block_release(&block);
    }
    text_room_release(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_by_rows),
        cmocka_unit_test(dialects_by_rows),
        cmocka_unit_test(spelled_values_by_rows),
        cmocka_unit_test(padded_quotes_by_rows),
        cmocka_unit_test(words_are_values_besides),
        cmocka_unit_test(misfits_by_rows),
        cmocka_unit_test(a_column_with_a_misfit_is_only_observed),
        cmocka_unit_test(wrong_fields_by_rows),
        cmocka_unit_test(values_stay_in_their_room),
        cmocka_unit_test(single_values_by_rows),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("csv/columns", tests, NULL, NULL);
}
