# SPDX-License-Identifier: Apache-2.0
"""hawser-fault-server as boto3 sees it, and what its control port can do."""

import base64
import hashlib
import io
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

try:
    import boto3
    import botocore.config
    import botocore.exceptions
except ImportError:
    print("SKIPPED fault_server/clients: boto3 is not here")
    sys.exit(77)

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "faults")]

import crc64nvme  # noqa: E402
import fault_server  # noqa: E402
import signed  # noqa: E402

ROWS = []


def row(function):
    ROWS.append(function)
    return function


def client(server, key_id=fault_server.KEY_ID, secret=fault_server.SECRET, **more):
    config = botocore.config.Config(signature_version="s3v4", s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}, **more.pop("config", {}))
    return boto3.client("s3", endpoint_url=server.url, aws_access_key_id=key_id, aws_secret_access_key=secret, region_name="us-east-1", config=config, **more)


def refused(call, code, **arguments):
    """Fails unless the call is refused with a code."""
    try:
        call(**arguments)
    except botocore.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return
    raise AssertionError(f"{code} was wanted, and it went well")


@row
def keys_with_odd_bytes_are_listed(server):
    s3 = client(server)
    server.bucket("odd")
    keys = sorted(("a b", "a+b", "a%20b", "a&b<c>\"'", "new\nline", "\x01", "é/ü", "//", "..", "~", "*?", "%", "😀"), key=str.encode)
    for key in keys:
        s3.put_object(Bucket="odd", Key=key, Body=key.encode())
    assert [c["Key"] for c in s3.list_objects_v2(Bucket="odd")["Contents"]] == keys
    assert [c["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket="odd", PaginationConfig={"PageSize": 2}) for c in page["Contents"]] == keys
    for key in keys:
        assert s3.get_object(Bucket="odd", Key=key)["Body"].read() == key.encode()
    s3.delete_objects(Bucket="odd", Delete={"Objects": [{"Key": key} for key in keys if key != "\x01"]})
    assert list(server.list("odd")) == ["\x01"]


@row
def transfers_in_parts_are_whole(server):
    s3, body = client(server), os.urandom(17 << 20)
    s3.upload_fileobj(io.BytesIO(body), "b", "parts")
    out = io.BytesIO()
    s3.download_fileobj("b", "parts", out)
    assert out.getvalue() == body
    head = s3.head_object(Bucket="b", Key="parts", PartNumber=3)
    assert (head["PartsCount"], head["ContentLength"]) == (3, 1 << 20), head
    assert server.list("b")["parts"]["sha256"] == hashlib.sha256(body).hexdigest()
    attributes = s3.get_object_attributes(Bucket="b", Key="parts", ObjectAttributes=["ETag", "Checksum", "ObjectParts", "ObjectSize"])
    assert attributes["ObjectSize"] == len(body) and attributes["ObjectParts"]["TotalPartsCount"] == 3, attributes
    s3.copy({"Bucket": "b", "Key": "parts"}, "b", "copied")
    assert s3.get_object(Bucket="b", Key="copied")["Body"].read() == body
    assert not server.state()["uploads"]


@row
def parts_and_uploads_are_listed_in_pages(server):
    s3 = client(server)
    ids = [s3.create_multipart_upload(Bucket="b", Key=f"open/{i % 3}")["UploadId"] for i in range(7)]
    for number in (1, 2, 3, 5, 9):
        s3.upload_part(Bucket="b", Key="open/0", UploadId=ids[0], PartNumber=number, Body=b"x" * number)
    pages = s3.get_paginator("list_multipart_uploads").paginate(Bucket="b", Prefix="open/", PaginationConfig={"PageSize": 2})
    assert sorted(u["UploadId"] for page in pages for u in page["Uploads"]) == sorted(ids)
    pages = s3.get_paginator("list_parts").paginate(Bucket="b", Key="open/0", UploadId=ids[0], PaginationConfig={"PageSize": 2})
    assert [(p["PartNumber"], p["Size"]) for page in pages for p in page["Parts"]] == [(n, n) for n in (1, 2, 3, 5, 9)]
    for i, upload in enumerate(ids):
        s3.abort_multipart_upload(Bucket="b", Key=f"open/{i % 3}", UploadId=upload)
    assert not server.state()["uploads"]


@row
def descriptions_are_kept(server):
    s3 = client(server)
    told = {"ContentType": "text/csv", "CacheControl": "no-cache", "ContentDisposition": "inline", "ContentEncoding": "gzip", "ContentLanguage": "de"}
    s3.put_object(Bucket="b", Key="told", Body=b"x", Metadata={"a": "b"}, StorageClass="GLACIER_IR", Tagging="k=v&l=m%20n", ServerSideEncryption="AES256", **told)
    head = s3.head_object(Bucket="b", Key="told")
    assert {k: head.get(k) for k in told} == told and head["Metadata"] == {"a": "b"} and head["StorageClass"] == "GLACIER_IR", head
    assert s3.get_object_tagging(Bucket="b", Key="told")["TagSet"] == [{"Key": "k", "Value": "v"}, {"Key": "l", "Value": "m n"}]
    s3.copy_object(Bucket="b", Key="told2", CopySource="b/told")
    copy = s3.head_object(Bucket="b", Key="told2")
    assert {k: copy.get(k) for k in told} == told and "StorageClass" not in copy, copy
    s3.copy_object(Bucket="b", Key="told2", CopySource="b/told", MetadataDirective="REPLACE", Metadata={"c": "d"})
    assert s3.head_object(Bucket="b", Key="told2")["Metadata"] == {"c": "d"}
    refused(s3.put_object, "InvalidStorageClass", Bucket="b", Key="x", StorageClass="FAST")
    presigned = s3.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "told", "ResponseContentType": "a/b"})
    assert urllib.request.urlopen(presigned).headers["content-type"] == "a/b"


@row
def customers_keys_are_demanded(server):
    s3, key = client(server), os.urandom(32)
    # boto3 sends such keys over TLS alone, so its own check is left out.
    headers = {
        "x-amz-server-side-encryption-customer-algorithm": "AES256",
        "x-amz-server-side-encryption-customer-key": base64.b64encode(key).decode(),
        "x-amz-server-side-encryption-customer-key-md5": base64.b64encode(hashlib.md5(key).digest()).decode(),
    }
    signer = signed.Signer(server.url, fault_server.KEY_ID, fault_server.SECRET)
    assert signer.send("PUT", "/b/secret", headers=headers, body=b"x").status == 200
    assert signer.send("GET", "/b/secret", headers=headers).body == b"x"
    refused(s3.get_object, "InvalidRequest", Bucket="b", Key="secret")
    assert server.list("b")["secret"]["etag"] != hashlib.md5(b"x").hexdigest()
    assert base64.b64encode(key).decode() not in server.ask("GET", "log").decode()


@row
def versions_are_kept(server):
    s3 = client(server)
    server.bucket("versions", versions=1)
    ids = [s3.put_object(Bucket="versions", Key="k", Body=body)["VersionId"] for body in (b"one", b"two")]
    marker = s3.delete_object(Bucket="versions", Key="k")
    assert marker["DeleteMarker"]
    refused(s3.get_object, "NoSuchKey", Bucket="versions", Key="k")
    assert [s3.get_object(Bucket="versions", Key="k", VersionId=v)["Body"].read() for v in ids] == [b"one", b"two"]
    listed = s3.list_object_versions(Bucket="versions")
    assert [v["VersionId"] for v in listed["Versions"]] == ids[::-1] and listed["DeleteMarkers"][0]["IsLatest"], listed
    pages = s3.get_paginator("list_object_versions").paginate(Bucket="versions", PaginationConfig={"PageSize": 1})
    assert [v["VersionId"] for page in pages for v in page.get("Versions", [])] == ids[::-1]
    s3.delete_object(Bucket="versions", Key="k", VersionId=marker["VersionId"])
    assert s3.get_object(Bucket="versions", Key="k")["Body"].read() == b"two"


@row
def accounts_may_what_the_bucket_says(server):
    server.account("AKIDREADER", "reader")
    server.account("AKIDOTHER", "other")
    server.account("AKIDTOKEN", "token", token="session")
    server.bucket("guarded", owner=fault_server.KEY_ID, readers="AKIDREADER")
    server.bucket("open", owner=fault_server.KEY_ID, readers="*")
    client(server).put_object(Bucket="guarded", Key="k", Body=b"x")
    client(server).put_object(Bucket="open", Key="k", Body=b"x")
    reader, other = client(server, "AKIDREADER", "reader"), client(server, "AKIDOTHER", "other")
    assert reader.get_object(Bucket="guarded", Key="k")["Body"].read() == b"x"
    refused(reader.put_object, "AccessDenied", Bucket="guarded", Key="k")
    refused(other.get_object, "AccessDenied", Bucket="guarded", Key="k")
    assert urllib.request.urlopen(f"{server.url}/open/k").read() == b"x"
    assert client(server, "AKIDTOKEN", "token", aws_session_token="session").get_object(Bucket="open", Key="k")["Body"].read() == b"x"
    refused(client(server, "AKIDTOKEN", "token", aws_session_token="other").get_object, "InvalidToken", Bucket="open", Key="k")
    refused(client(server, "AKIDTOKEN", "token").get_object, "InvalidAccessKeyId", Bucket="open", Key="k")
    server.account("AKIDTOKEN", "token", token="session", expired=True)
    refused(client(server, "AKIDTOKEN", "token", aws_session_token="session").get_object, "ExpiredToken", Bucket="open", Key="k")
    server.bucket("pays", requester_pays=1)
    refused(other.list_objects_v2, "AccessDenied", Bucket="pays")
    other.list_objects_v2(Bucket="pays", RequestPayer="requester")


@row
def buckets_come_and_go(server):
    s3 = client(server)
    s3.create_bucket(Bucket="new-one")
    refused(s3.create_bucket, "BucketAlreadyOwnedByYou", Bucket="new-one")
    refused(s3.create_bucket, "InvalidBucketName", Bucket="-")
    assert "new-one" in [b["Name"] for b in s3.list_buckets()["Buckets"]]
    s3.head_bucket(Bucket="new-one")
    s3.delete_bucket(Bucket="new-one")
    refused(s3.head_bucket, "404", Bucket="new-one")


@row
def another_region_is_told(server):
    server.bucket("far", region="eu-west-1")
    signer = signed.Signer(server.url, fault_server.KEY_ID, fault_server.SECRET)
    answer = signer.send("GET", "/far", [("list-type", "2")])
    assert (answer.code, answer.headers["x-amz-bucket-region"]) == ("AuthorizationHeaderMalformed", "eu-west-1"), answer
    signer.region = "eu-west-1"
    assert signer.send("GET", "/far", [("list-type", "2")]).status == 200


@row
def the_clock_can_be_moved(server):
    server.clock(3600)
    refused(client(server).list_buckets, "RequestTimeTooSkewed")
    server.clock(0)
    client(server).list_buckets()


@row
def made_objects_have_true_checksums(server):
    for size in (0, 10, 1048573, 3 << 20):
        server.put("b", "made", made=size)
        told = client(server).get_object(Bucket="b", Key="made", ChecksumMode="ENABLED")
        body = told["Body"].read()
        assert len(body) == size and told["ChecksumCRC64NVME"] == crc64nvme.text(body), size
    ranged = client(server).get_object(Bucket="b", Key="made", Range="bytes=1048570-2000000")["Body"].read()
    assert ranged == body[1048570:2000001]


@row
def made_keys_are_listed(server):
    server.bucket("many", keys=1_000_000, bytes=7)
    s3 = client(server)
    page = s3.list_objects_v2(Bucket="many", StartAfter="folder-000998/object-000998999.bin")
    assert page["Contents"][0]["Key"] == "folder-000999/object-000999000.bin" and len(page["Contents"]) == 1000 and not page["IsTruncated"]
    assert len(s3.list_objects_v2(Bucket="many", Delimiter="/")["CommonPrefixes"]) == 1000
    assert len(s3.get_object(Bucket="many", Key=page["Contents"][5]["Key"])["Body"].read()) == 7


@row
def counts_and_logs_are_told(server):
    server.reset()
    client(server).put_object(Bucket="b", Key="counted", Body=b"x" * 1000)
    state, log = server.state(), server.log()
    assert state["requests"]["PutObject"] == 1 and state["bytes_in"] > 1000 and state["connections"] == 1, state
    assert log[0]["path"] == "/b/counted" and log[0]["headers"]["authorization"] == "***" and log[0]["status"] == 200, log


@row
def small_copies_can_be_too_large(_):
    with fault_server.running("--bucket", "b", "--copy-max", "1000", "--part-min", "10", "--page-max", "3") as server:
        s3 = client(server)
        server.put("b", "k", b"x" * 1001)
        refused(s3.copy_object, "InvalidRequest", Bucket="b", Key="c", CopySource="b/k")
        for i in range(5):
            server.put("b", f"l/{i}")
        assert len(s3.list_objects_v2(Bucket="b", Prefix="l/")["Contents"]) == 3


@row
def bodies_can_be_forgotten(_):
    with fault_server.running("--bucket", "b", "--discard") as server:
        s3 = client(server)
        s3.put_object(Bucket="b", Key="k", Body=b"x" * 5000)
        assert s3.head_object(Bucket="b", Key="k")["ContentLength"] == 5000
        s3.upload_fileobj(io.BytesIO(b"x" * (9 << 20)), "b", "parts")
        assert s3.head_object(Bucket="b", Key="parts")["ContentLength"] == 9 << 20
        assert server.state()["bytes_in"] > 9 << 20


@row
def tls_and_names_of_hosts(_):
    with tempfile.TemporaryDirectory() as folder:
        subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,DNS:*.s3.localhost,IP:127.0.0.1"]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{folder}/key", "-out", f"{folder}/cert", "-days", "2", *subject], check=True, capture_output=True)
        with fault_server.running("--bucket", "b", "--tls", f"{folder}/cert,{folder}/key", "--domain", "s3.localhost") as server:
            s3 = client(server, verify=f"{folder}/cert")
            body = os.urandom(9 << 20)
            s3.upload_fileobj(io.BytesIO(body), "b", "tls")  # an unsigned payload with a trailer
            assert s3.get_object(Bucket="b", Key="tls")["Body"].read() == body
            answer = subprocess.run(["curl", "-s", "--cacert", f"{folder}/cert", "--resolve", f"b.s3.localhost:{server.url[-5:]}:127.0.0.1", f"https://b.s3.localhost:{server.url.rsplit(':', 1)[1]}/nothing"], capture_output=True, check=False)
            assert b"AccessDenied" in answer.stdout, answer


KINDS = re.findall(r"\S+", subprocess.run([fault_server.find(), "--kinds"], capture_output=True, check=True, text=True).stdout) if fault_server.find() else []
# Kinds that let a client wait for longer than a test should.
SLOW = ("stall", "loris", "upload-stall")


@row
def every_kind_is_played_by_every_operation(server):
    """The server lives on, whatever is played at whatever request."""
    signer = signed.Signer(server.url, fault_server.KEY_ID, fault_server.SECRET)
    server.put("b", "kinds", b"0123456789" * 20)
    requests = (("GET", "/b/kinds", (), b""), ("HEAD", "/b/kinds", (), b""), ("PUT", "/b/kinds", (), b"x" * 100), ("GET", "/b", [("list-type", "2")], b""),
                ("POST", "/b/kinds", [("uploads", "")], b""), ("POST", "/b/kinds", [("uploadId", "x")], b"<a/>"), ("DELETE", "/b/other", (), b""))
    for kind in KINDS:
        if kind.startswith(SLOW) or kind in ("informational-flood", "headers-endless"):
            continue
        server.faults(f"* * * {kind} ms=10 rate=100000\n")
        for method, path, query, body in requests:
            try:
                signer.send(method, path, query, body=body)
            except Exception:  # most kinds are no HTTP that Python takes
                pass
        assert sum(f["played"] for f in server.state()["faults"]) == len(requests), kind
        server.put("b", "kinds", b"0123456789" * 20)
    server.faults("")
    assert signer.send("GET", "/b/kinds").status == 200


def expect(server, script, status, code="", again=200, method="GET", path="/b/f", **more):
    """The first request gets this, and the next one is good."""
    signer = signed.Signer(server.url, fault_server.KEY_ID, fault_server.SECRET)
    server.put("b", "f", b"0123456789" * 100)
    server.faults(script)
    answer = signer.send(method, path, **more)
    assert (answer.status, answer.code) == (status, code), answer
    server.put("b", "f", b"0123456789" * 100)
    assert signer.send(method, path, **more).status == again, "the second request"
    server.faults("")
    return answer


@row
def faults_do_what_they_say(server):
    expect(server, "GetObject 1 f slow-down retry-after=7", 503, "SlowDown")
    assert expect(server, "GetObject 1 f flipped-bit", 200).body != b"0123456789" * 100
    expect(server, "GetObject 1 f replaced", 412, "PreconditionFailed", headers={"if-match": '"' + hashlib.md5(b"0123456789" * 100).hexdigest() + '"'})
    expect(server, "GetObject 1 f deleted", 404, "NoSuchKey")
    expect(server, "GetObject 1 f error-200", 200, "InternalError")
    expect(server, "GetObject 1 f range-shifted", 206, headers={"range": "bytes=0-9"}, again=206)
    expect(server, "PutObject 1 f upload-flipped", 400, "XAmzContentSHA256Mismatch", method="PUT", body=b"xyz")
    assert expect(server, "ListObjectsV2 1 * set-element name=IsTruncated value=maybe", 200, path="/b", query=[("list-type", "2")]).element("IsTruncated") == "maybe"
    assert expect(server, "GetObject 1 f region-301 region=eu-west-1", 301, "PermanentRedirect").headers["x-amz-bucket-region"] == "eu-west-1"
    for kind, error in (("closed", "RemoteDisconnected"), ("rst", "ConnectionResetError"), ("closed-in-middle", "IncompleteRead"), ("not-http", "BadStatusLine")):
        try:
            expect(server, f"GetObject 1 f {kind}", 0)
        except Exception as raised:
            assert type(raised).__name__ == error, (kind, raised)
    server.faults("PutObject 1 f closed-after-work")
    try:
        client(server, config={"connect_timeout": 2}).put_object(Bucket="b", Key="f", Body=b"done")
    except botocore.exceptions.ConnectionClosedError:
        assert server.get("b", "f") == b"done"


@row
def calls_are_counted_by_line(server):
    signer = signed.Signer(server.url, fault_server.KEY_ID, fault_server.SECRET)
    server.put("b", "f", b"x")
    for calls, want in (("2", "1011"), ("2-3", "1001"), ("3-", "1100"), ("*", "0000"), ("2/2", "1010")):
        server.faults(f"# a comment\nGetObject {calls} f 500 # another\nGetObject * other 500\n")
        assert "".join("1" if signer.send("GET", "/b/f").status == 200 else "0" for _ in range(4)) == want, calls


@row
def scripts_that_are_none_are_refused(server):
    for script in ("GetObject", "GetObject 1 f nothing-such", "GetObject 0 f 500", "GetObject x f 500", "GetObject 1 f 500 x"):
        try:
            server.faults(script)
        except AssertionError as error:
            assert "line 1" in str(error), error
        else:
            raise AssertionError(f"{script} was taken")


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    passed = failed = 0
    with fault_server.running("--bucket", "b") as server:
        for function in ROWS:
            if wanted not in function.__name__:
                continue
            try:
                start = time.monotonic()
                function(server)
                passed += 1
                if wanted:
                    print(f"ok {function.__name__} ({time.monotonic() - start:.1f} s)")
            except Exception as error:  # whatever a row throws is its failure, not the end of the run
                failed += 1
                print(f"FAILED {function.__name__}: {type(error).__name__}: {str(error)[:600]}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
