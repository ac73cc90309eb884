# SPDX-License-Identifier: Apache-2.0
# Nothing here sends a request.
export AWS_ENDPOINT_URL_S3=http://127.0.0.1:9
status "$HAWSER" ls a b
status "$HAWSER" ls s3:///key
status "$HAWSER" ls folder --all-versions
status "$HAWSER" du
status "$HAWSER" du folder/
status "$HAWSER" stat
status "$HAWSER" stat missing
status "$HAWSER" cat
status "$HAWSER" cat missing
status "$HAWSER" presign missing
status "$HAWSER" presign s3://bucket
status "$HAWSER" presign s3://bucket/key --expires 0s
status "$HAWSER" presign s3://bucket/key --expires 8d
status "$HAWSER" presign s3://bucket/key --expires 1500ms
status "$HAWSER" presign s3://bucket/key --no-sign-request
status "$HAWSER" presign s3://bucket/key
status "$HAWSER" mb bucket
status "$HAWSER" mb s3://bucket/key
status "$HAWSER" mb s3://UPPER
status "$HAWSER" rb
status "$HAWSER" uploads folder
status "$HAWSER" uploads s3://bucket --older-than soon
status "$HAWSER" cat s3://bucket/key --json
export AWS_ACCESS_KEY_ID=AKIDTEST AWS_SECRET_ACCESS_KEY=secret-of-the-test
status "$HAWSER" presign s3://bucket/key
status "$HAWSER" presign s3://bucket/key --expires 2d
status "$HAWSER" presign s3://bucket/key --expires 2d --quiet
