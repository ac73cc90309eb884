/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of faults that a script names. faults.c lists them with their arguments. */
#ifndef FAULT_SERVER_FAULTS_H
#define FAULT_SERVER_FAULTS_H

#include "support/fault_server/server.h"

struct fault_kind;

/* A hook of a kind; `a` and `b` are the parameters of its row. */
typedef void fault_fn(struct call *call, const char *a, const char *b);
/* Changes how the body of the request is read. */
typedef void fault_body_fn(const struct fault *fault, struct payload_job *job);

/* When the server does what was asked for. */
enum fault_work {
    WORK_NEVER, /* the fault is all that happens */
    WORK_FIRST  /* it is done, and the fault changes the reply */
};

struct fault_kind {
    const char *name;
    enum fault_work work;
    fault_fn *change; /* of the reply; NULL: none */
    const char *a, *b;
    fault_fn *before;      /* runs when the request was verified, before the work; NULL: none */
    fault_body_fn *intake; /* NULL: none */
    bool no_continue;      /* "100 Continue" is never sent */
};

/* Finds a kind by its name; NULL where there is none. */
const struct fault_kind *fault_kind_find(const char *name);
/* Prints the names of all kinds, a line each. */
void fault_kinds_print(void);

/* fault_xml.c: changes of XML replies. */
fault_fn xml_replace, xml_drop, xml_set, xml_doubled, xml_reversed, xml_cut, xml_token_loops, xml_empty_page, xml_bomb,
    xml_deep;
/* fault_bytes.c: changes of bytes, lengths and framing. */
fault_fn bytes_flipped, bytes_zeroed, bytes_reordered, bytes_halved, bytes_halved_in_silence, bytes_added,
    bytes_added_in_silence, bytes_chunked, bytes_cut_short, bytes_gzipped, length_said, length_shifted, length_doubled;
/* fault_state.c: what happens to what is stored, and to what the request says. */
fault_fn state_replace, state_delete, state_upload_vanishes, state_store_other, state_forget_header, state_forget_query;

#endif
