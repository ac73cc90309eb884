/* SPDX-License-Identifier: Apache-2.0 */
/* The operations of S3: which one a request is, who may do it, and what it does. */
#ifndef FAULT_SERVER_OPERATIONS_H
#define FAULT_SERVER_OPERATIONS_H

#include "support/fault_server/server.h"

enum operation_level { LEVEL_SERVICE, LEVEL_BUCKET, LEVEL_OBJECT };

/* Does what was asked for and fills the reply, with the server's lock held. */
typedef void operation_fn(struct call *call);

struct operation {
    const char *name; /* as in S3's API */
    const char *method;
    enum operation_level level;
    const char *query;  /* a parameter that must be there; NULL: none */
    const char *header; /* likewise */
    bool writes;
    bool stores; /* its body is the data of an object or a part, not a document */
    operation_fn *run;
};

/* Finds the operation of a request. NULL where there is none. */
const struct operation *operation_find(const struct http_request *request, const char *bucket, const char *key);
/* Returns the number of an operation's row. */
unsigned operation_number(const struct operation *operation);
/* Returns the name of a row; NULL behind the last one. */
const char *operation_name(unsigned number);
/* Runs it: the bucket must be there, and the account may do it. With the server's lock held. */
void operation_run(struct call *call);

/* Whether an account may read or write a bucket. */
bool access_allowed(const struct bucket *bucket, const struct account *account, bool writes);
/* Writes the ETag of an object as XML and headers have it: in quotes. */
void etag_quote(const char *etag, char out[ETAG_CAPACITY + 2]);
/* Begins an XML reply. */
void xml_begin(struct call *call, const char *root);
void xml_end(struct call *call, const char *root);
/* Appends an element with a text. */
void xml_element(struct call *call, const char *name, const char *value);
__attribute__((format(printf, 3, 4))) void xml_printf(struct call *call, const char *name, const char *format, ...);

/* operation_object.c */
operation_fn run_get_object, run_head_object, run_put_object, run_delete_object, run_delete_objects;
/* operation_facts.c */
operation_fn run_get_object_attributes, run_get_tagging, run_put_tagging, run_delete_tagging, run_get_acl, run_put_acl;
/* operation_copy.c */
operation_fn run_copy_object, run_upload_part_copy;
/* operation_upload.c */
operation_fn run_create_upload, run_upload_part, run_list_parts, run_complete_upload, run_abort_upload,
    run_list_uploads;
/* operation_list.c */
operation_fn run_list_objects, run_list_versions;
/* operation_bucket.c */
operation_fn run_list_buckets, run_create_bucket, run_head_bucket, run_delete_bucket, run_get_location,
    run_get_versioning, run_put_versioning;

#endif
