# SPDX-License-Identifier: Apache-2.0
"""A table of requests and what S3 answers them, asked of hawser-fault-server and of versitygw.

What is expected comes from S3's API reference. Where versitygw is known to answer otherwise, the
row says what it answers, so that a row that it does not know as S3 does is seen.
"""

import base64
import dataclasses
import hashlib
import pathlib
import sys
import tempfile
import zlib

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "faults"), str(HERE.parents[1] / "integration")]

import crc64nvme  # noqa: E402
import fault_server  # noqa: E402
import signed  # noqa: E402

try:
    import server as gateway  # noqa: E402
except ImportError:  # it wants boto3
    gateway = None

BODY = b"0123456789abcdef" * 64
PART = 5 << 20


def b64(data):
    return base64.b64encode(data).decode()


def crc32c(data):
    """By the definition, bit by bit: 0x1EDC6F41, reflected."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return b64((crc ^ 0xFFFFFFFF).to_bytes(4, "big"))


CHECKSUMS = {
    "crc32": lambda data: b64(zlib.crc32(data).to_bytes(4, "big")),
    "crc32c": crc32c,
    "crc64nvme": crc64nvme.text,
    "sha1": lambda data: b64(hashlib.sha1(data).digest()),
    "sha256": lambda data: b64(hashlib.sha256(data).digest()),
}


@dataclasses.dataclass
class Place:
    """A server with a bucket, and an account on it."""

    url: str
    key_id: str
    secret: str

    def signer(self, **more):
        return signed.Signer(**{"url": self.url, "key_id": self.key_id, "secret": self.secret, **more})


@dataclasses.dataclass(frozen=True)
class Row:
    name: str
    ask: object  # ask(place) returns an Answer
    want: tuple  # status, code
    gateway: tuple = None  # what versitygw answers; None: the same


ROWS = []


def row(name, status, code="", gateway=None):
    def add(ask):
        ROWS.append(Row(name, ask, (status, code), gateway))
        return ask

    return add


def put(place, key="k", **more):
    return place.signer().send("PUT", f"/table/{key}", **{"body": BODY, **more})


def get(place, **headers):
    put(place)
    return place.signer().send("GET", "/table/k", headers={k.replace("_", "-"): v for k, v in headers.items()})


# ------ signatures


@row("a good signature", 200)
def _(place):
    return put(place)


@row("a key with odd characters", 200)
def _(place):
    return put(place, key="a b+c&d=%2F?#é~'()*")


@row("a wrong secret", 403, "SignatureDoesNotMatch")
def _(place):
    return place.signer(secret="x").send("PUT", "/table/k", body=BODY)


@row("an unknown key id", 403, "InvalidAccessKeyId", (404, "XAdminUserNotFound"))
def _(place):
    return place.signer(key_id="AKIDNOBODY").send("PUT", "/table/k", body=BODY)


@row("20 minutes behind", 403, "RequestTimeTooSkewed")
def _(place):
    return place.signer(shift_seconds=-1200).send("PUT", "/table/k", body=BODY)


@row("20 minutes ahead", 403, "RequestTimeTooSkewed")
def _(place):
    return place.signer(shift_seconds=1200).send("PUT", "/table/k", body=BODY)


@row("14 minutes behind", 200)
def _(place):
    return place.signer(shift_seconds=-840).send("PUT", "/table/k", body=BODY)


@row("another region", 400, "AuthorizationHeaderMalformed")
def _(place):
    return place.signer(region="eu-west-1").send("PUT", "/table/k", body=BODY)


@row("an x-amz- header that is not signed", 403, "AccessDenied")
def _(place):
    return put(place, headers={"x-amz-meta-a": "b"}, unsigned=("x-amz-meta-a",))


@row("nothing is signed", 403, "AccessDenied")
def _(place):
    return signed.send(place.url, "GET", "/table/k", {})


@row("another body than was signed", 400, "XAmzContentSHA256Mismatch")
def _(place):
    return put(place, payload=hashlib.sha256(b"other").hexdigest())


@row("a digest that is none", 400, "InvalidArgument")
def _(place):
    return put(place, payload="zz")


@row("presigned", 200)
def _(place):
    put(place)
    return signed.send(place.url, "GET", place.signer().presigned("GET", "/table/k"), {})


@row("presigned, and expired", 403, "AccessDenied")
def _(place):
    put(place)
    return signed.send(place.url, "GET", place.signer(shift_seconds=-120).presigned("GET", "/table/k"), {})


@row("presigned for a GET, used for a PUT", 403, "SignatureDoesNotMatch")
def _(place):
    return signed.send(place.url, "PUT", place.signer().presigned("GET", "/table/k"), {}, BODY)


@row("presigned for more than a week", 400, "AuthorizationQueryParametersError")
def _(place):
    return signed.send(place.url, "GET", place.signer().presigned("GET", "/table/k", seconds=604801), {})


@row("signed chunks", 200)
def _(place):
    return place.signer().chunked("/table/k", [b"a" * 8192, b"b" * 100])


@row("signed chunks, one with a bad signature", 403, "SignatureDoesNotMatch")
def _(place):
    return place.signer().chunked("/table/k", [b"a" * 8192, b"b" * 100], spoil=1)


@row("signed chunks with a trailer", 200)
def _(place):
    return place.signer().chunked("/table/k", [BODY], trailer=("x-amz-checksum-crc32", CHECKSUMS["crc32"](BODY)))


@row("signed chunks with a wrong trailer", 400, "BadDigest")
def _(place):
    return place.signer().chunked("/table/k", [BODY], trailer=("x-amz-checksum-crc32", CHECKSUMS["crc32"](b"other")))


# ------ digests

for _name, _digest in CHECKSUMS.items():

    @row(f"{_name}", 200)
    def _(place, name=_name, digest=_digest):
        answer = put(place, headers={f"x-amz-checksum-{name}": digest(BODY)})
        assert answer.headers.get(f"x-amz-checksum-{name}") == digest(BODY), answer.headers
        return answer

    @row(f"a wrong {_name}", 400, "BadDigest")
    def _(place, name=_name, digest=_digest):
        return put(place, headers={f"x-amz-checksum-{name}": digest(b"other")})


@row("a checksum that is none", 400, "InvalidRequest")
def _(place):
    return put(place, headers={"x-amz-checksum-crc32": "AAAA"})


@row("two checksums", 400, "InvalidRequest")
def _(place):
    return put(place, headers={f"x-amz-checksum-{name}": CHECKSUMS[name](BODY) for name in ("crc32", "sha1")})


@row("an algorithm without its checksum", 400, "InvalidRequest")
def _(place):
    return put(place, headers={"x-amz-sdk-checksum-algorithm": "CRC32"})


@row("Content-MD5", 200)
def _(place):
    return put(place, headers={"content-md5": b64(hashlib.md5(BODY).digest())})


@row("a wrong Content-MD5", 400, "BadDigest")
def _(place):
    return put(place, headers={"content-md5": b64(hashlib.md5(b"other").digest())})


@row("a Content-MD5 that is none", 400, "InvalidDigest")
def _(place):
    return put(place, headers={"content-md5": "AAAA"})


@row("a plain PUT gets a CRC64NVME", 200)
def _(place):
    put(place)
    answer = place.signer().send("HEAD", "/table/k", headers={"x-amz-checksum-mode": "ENABLED"})
    assert answer.headers.get("x-amz-checksum-crc64nvme") == CHECKSUMS["crc64nvme"](BODY), answer.headers
    return answer


@row("no checksum comes with a range", 206, "")
def _(place):
    answer = get(place, range="bytes=0-9", x_amz_checksum_mode="ENABLED")
    assert not [h for h in answer.headers if h.startswith("x-amz-checksum-")], answer.headers
    return answer


# ------ GET, ranges, conditions


@row("a range", 206)
def _(place):
    answer = get(place, range="bytes=5-9")
    assert answer.body == BODY[5:10] and answer.headers["content-range"] == f"bytes 5-9/{len(BODY)}", answer
    return answer


@row("a range over the end", 206)
def _(place):
    answer = get(place, range="bytes=1000-9999999")
    assert answer.body == BODY[1000:], answer
    return answer


@row("the last bytes", 206)
def _(place):
    answer = get(place, range="bytes=-5")
    assert answer.body == BODY[-5:], answer
    return answer


@row("a range behind the end", 416, "InvalidRange")
def _(place):
    return get(place, range="bytes=999999-")


@row("a range of an empty object", 416, "InvalidRange")
def _(place):
    put(place, key="empty", body=b"")
    return place.signer().send("GET", "/table/empty", headers={"range": "bytes=0-9"})


@row("If-Match", 200)
def _(place):
    return get(place, if_match=f'"{hashlib.md5(BODY).hexdigest()}"')


@row("If-Match of another one", 412, "PreconditionFailed")
def _(place):
    return get(place, if_match='"0"')


@row("If-None-Match", 304)
def _(place):
    return get(place, if_none_match=f'"{hashlib.md5(BODY).hexdigest()}"')


@row("PUT If-None-Match over an object", 412, "PreconditionFailed")
def _(place):
    put(place)
    return put(place, headers={"if-none-match": "*"})


@row("PUT If-None-Match", 200)
def _(place):
    place.signer().send("DELETE", "/table/new")
    return put(place, key="new", headers={"if-none-match": "*"})


@row("PUT If-Match of another one", 412, "PreconditionFailed")
def _(place):
    put(place)
    return put(place, headers={"if-match": '"0"'})


@row("PUT If-Match of nothing", 404, "NoSuchKey")
def _(place):
    return put(place, key="nothing", headers={"if-match": '"0"'})


@row("no such key", 404, "NoSuchKey")
def _(place):
    return place.signer().send("GET", "/table/nothing")


@row("no such bucket", 404, "NoSuchBucket")
def _(place):
    return place.signer().send("GET", "/nothing/k")


@row("delete what is not there", 204)
def _(place):
    return place.signer().send("DELETE", "/table/nothing")


@row("a bucket that is not empty", 409, "BucketNotEmpty")
def _(place):
    put(place)
    return place.signer().send("DELETE", "/table")


@row("metadata beyond 2 KiB", 400, "MetadataTooLarge")
def _(place):
    return put(place, headers={"x-amz-meta-a": "b" * 2100})


# ------ DeleteObjects

DELETE = b"<Delete><Object><Key>k</Key></Object></Delete>"


@row("DeleteObjects", 200)
def _(place):
    put(place)
    answer = place.signer().send("POST", "/table", [("delete", "")], {"content-md5": b64(hashlib.md5(DELETE).digest())}, DELETE)
    assert b"<Deleted><Key>k</Key>" in answer.body, answer.body
    return answer


@row("DeleteObjects without a digest", 400, "InvalidRequest")
def _(place):
    return place.signer().send("POST", "/table", [("delete", "")], {}, DELETE)


@row("DeleteObjects with a wrong digest", 400, "BadDigest")
def _(place):
    return place.signer().send("POST", "/table", [("delete", "")], {"content-md5": b64(hashlib.md5(b"x").digest())}, DELETE)


@row("DeleteObjects with no XML", 400, "MalformedXML", (400, "InvalidRequest"))
def _(place):
    body = b"this is none"
    return place.signer().send("POST", "/table", [("delete", "")], {"content-md5": b64(hashlib.md5(body).digest())}, body)


# ------ multipart uploads


class Upload:
    """An upload of a few parts, of which anything can be wrong."""

    def __init__(self, place, key="mpu", **headers):
        self.signer, self.path = place.signer(), f"/table/{key}"
        answer = self.signer.send("POST", self.path, [("uploads", "")], {k.replace("_", "-"): v for k, v in headers.items()})
        assert answer.status == 200, answer
        self.id = answer.element("UploadId")
        self.parts = []

    def part(self, number, body, **headers):
        answer = self.signer.send("PUT", self.path, [("partNumber", str(number)), ("uploadId", self.id)], {k.replace("_", "-"): v for k, v in headers.items()}, body)
        checksums = {k[15:].upper(): v for k, v in answer.headers.items() if k.startswith("x-amz-checksum-") and k != "x-amz-checksum-type"}
        self.parts.append((number, answer.headers.get("etag"), checksums))
        return answer

    def complete(self, parts=None, **headers):
        body = "<CompleteMultipartUpload>" + "".join(
            f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag>{''.join(f'<Checksum{k}>{v}</Checksum{k}>' for k, v in sums.items())}</Part>"
            for number, etag, sums in parts or self.parts
        ) + "</CompleteMultipartUpload>"
        return self.signer.send("POST", self.path, [("uploadId", self.id)], {k.replace("_", "-"): v for k, v in headers.items()}, body.encode())


ONE, TWO = bytes(range(256)) * (PART // 256), b"the end"


@row("an upload of two parts", 200)
def _(place):
    upload = Upload(place)
    upload.part(1, ONE)
    upload.part(2, TWO)
    answer = upload.complete()
    etag = hashlib.md5(hashlib.md5(ONE).digest() + hashlib.md5(TWO).digest()).hexdigest() + "-2"
    assert etag in answer.element("ETag"), answer
    assert place.signer().send("GET", "/table/mpu").body == ONE + TWO
    return answer


@row("a COMPOSITE CRC32", 200)
def _(place):
    upload = Upload(place, x_amz_checksum_algorithm="CRC32")
    for number, body in enumerate((ONE, TWO), 1):
        upload.part(number, body, x_amz_checksum_crc32=CHECKSUMS["crc32"](body))
    answer = upload.complete()
    want = b64(zlib.crc32(b"".join(zlib.crc32(b).to_bytes(4, "big") for b in (ONE, TWO))).to_bytes(4, "big")) + "-2"
    assert answer.element("ChecksumCRC32") == want, answer
    return answer


@row("a FULL_OBJECT CRC64NVME", 200)
def _(place):
    upload = Upload(place, x_amz_checksum_algorithm="CRC64NVME", x_amz_checksum_type="FULL_OBJECT")
    for number, body in enumerate((ONE, TWO), 1):
        upload.part(number, body, x_amz_checksum_crc64nvme=CHECKSUMS["crc64nvme"](body))
    answer = upload.complete(x_amz_checksum_crc64nvme=CHECKSUMS["crc64nvme"](ONE + TWO), x_amz_checksum_type="FULL_OBJECT", x_amz_mp_object_size=str(len(ONE + TWO)))
    assert answer.element("ChecksumCRC64NVME") == CHECKSUMS["crc64nvme"](ONE + TWO), answer
    return answer


@row("a FULL_OBJECT CRC64NVME that is wrong", 400, "BadDigest")
def _(place):
    upload = Upload(place, x_amz_checksum_algorithm="CRC64NVME", x_amz_checksum_type="FULL_OBJECT")
    upload.part(1, TWO, x_amz_checksum_crc64nvme=CHECKSUMS["crc64nvme"](TWO))
    return upload.complete(x_amz_checksum_crc64nvme=CHECKSUMS["crc64nvme"](ONE), x_amz_checksum_type="FULL_OBJECT")


@row("a COMPOSITE CRC64NVME", 400, "InvalidRequest")
def _(place):
    return place.signer().send("POST", "/table/mpu", [("uploads", "")], {"x-amz-checksum-algorithm": "CRC64NVME", "x-amz-checksum-type": "COMPOSITE"})


@row("a FULL_OBJECT SHA256", 400, "InvalidRequest")
def _(place):
    return place.signer().send("POST", "/table/mpu", [("uploads", "")], {"x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-type": "FULL_OBJECT"})


@row("a part without the upload's checksum", 400, "InvalidRequest")
def _(place):
    return Upload(place, x_amz_checksum_algorithm="CRC32").part(1, TWO)


@row("a part with another checksum", 400, "InvalidRequest")
def _(place):
    return Upload(place, x_amz_checksum_algorithm="CRC32").part(1, TWO, x_amz_checksum_sha1=CHECKSUMS["sha1"](TWO))


@row("a Complete without the parts' checksums", 400, "InvalidRequest")
def _(place):
    upload = Upload(place, x_amz_checksum_algorithm="CRC32")
    upload.part(1, TWO, x_amz_checksum_crc32=CHECKSUMS["crc32"](TWO))
    return upload.complete([(number, etag, {}) for number, etag, _ in upload.parts])


@row("a Complete with another size", 400, "InvalidRequest")
def _(place):
    upload = Upload(place)
    upload.part(1, TWO)
    return upload.complete(x_amz_mp_object_size="3")


@row("a small part that is not the last", 400, "EntityTooSmall")
def _(place):
    upload = Upload(place)
    upload.part(1, TWO)
    upload.part(2, TWO)
    return upload.complete()


@row("parts in another order", 400, "InvalidPartOrder")
def _(place):
    upload = Upload(place)
    upload.part(2, ONE)
    upload.part(1, ONE)
    return upload.complete()


@row("a part with another ETag", 400, "InvalidPart")
def _(place):
    upload = Upload(place)
    upload.part(1, TWO)
    return upload.complete([(1, '"0cc175b9c0f1b6a831c399e269772661"', {})])


@row("a Complete of nothing", 400, "MalformedXML")
def _(place):
    return Upload(place).complete([])


@row("an upload that is not there", 404, "NoSuchUpload")
def _(place):
    upload = Upload(place)
    upload.id = "01234567-89ab-cdef-0123-456789abcdef"
    return upload.part(1, TWO)


@row("a Complete If-None-Match over an object", 412, "PreconditionFailed")
def _(place):
    put(place, key="mpu")
    upload = Upload(place)
    upload.part(1, TWO)
    return upload.complete(if_none_match="*")


@row("part number 0", 400, "InvalidArgument")
def _(place):
    return Upload(place).part(0, TWO)


@row("a part of a copy", 200)
def _(place):
    put(place)
    upload = Upload(place)
    answer = upload.part(1, b"", x_amz_copy_source="/table/k", x_amz_copy_source_range="bytes=10-99")
    assert hashlib.md5(BODY[10:100]).hexdigest() in answer.element("ETag"), answer
    return answer


@row("a part of a copy in an upload with a checksum", 200)
def _(place):
    put(place)
    upload = Upload(place, x_amz_checksum_algorithm="CRC64NVME", x_amz_checksum_type="FULL_OBJECT")
    answer = upload.part(1, b"", x_amz_copy_source="/table/k", x_amz_copy_source_range="bytes=10-99")
    # versitygw tells the checksum of the whole source.
    assert answer.element("ChecksumCRC64NVME") in (crc64nvme.text(BODY[10:100]), *([crc64nvme.text(BODY)] if place.key_id != fault_server.KEY_ID else [])), answer
    return answer


@row("a part of a copy behind the end", 400, "InvalidArgument")
def _(place):
    put(place)
    return Upload(place).part(1, b"", x_amz_copy_source="/table/k", x_amz_copy_source_range="bytes=10-9999999")


@row("a part of a copy of another version", 412, "PreconditionFailed")
def _(place):
    put(place)
    return Upload(place).part(1, b"", x_amz_copy_source="/table/k", x_amz_copy_source_if_match='"0"')


# ------ copies


@row("a copy", 200)
def _(place):
    put(place, headers={"x-amz-meta-a": "b", "content-type": "text/csv"})
    answer = place.signer().send("PUT", "/table/copy", headers={"x-amz-copy-source": "table/k"})
    head = place.signer().send("HEAD", "/table/copy")
    assert (head.headers.get("x-amz-meta-a"), head.headers.get("content-type")) == ("b", "text/csv"), head
    return answer


@row("a copy of another version", 412, "PreconditionFailed")
def _(place):
    put(place)
    return place.signer().send("PUT", "/table/copy", headers={"x-amz-copy-source": "table/k", "x-amz-copy-source-if-match": '"0"'})


@row("a copy of nothing", 404, "NoSuchKey")
def _(place):
    return place.signer().send("PUT", "/table/copy", headers={"x-amz-copy-source": "table/nothing"})


@row("a copy onto itself", 400, "InvalidRequest")
def _(place):
    put(place)
    return place.signer().send("PUT", "/table/k", headers={"x-amz-copy-source": "table/k"})


# ------ lists


@row("a page with a delimiter", 200)
def _(place):
    for key in ("list/a", "list/b/1", "list/b/2", "list/c"):
        put(place, key=key, body=b"")
    answer = place.signer().send("GET", "/table", [("list-type", "2"), ("prefix", "list/"), ("delimiter", "/"), ("max-keys", "2")])
    assert answer.element("IsTruncated") == "true", answer.body
    rest = place.signer().send("GET", "/table", [("list-type", "2"), ("prefix", "list/"), ("delimiter", "/"), ("continuation-token", answer.element("NextContinuationToken"))])
    assert b"<Key>list/c</Key>" in rest.body and b"list/b" not in rest.body.replace(b"<NextContinuationToken>", b"").split(b"<Contents>", 1)[1], rest.body
    return answer


@row("start-after", 200)
def _(place):
    for key in ("list/a", "list/b/1", "list/b/2", "list/c"):
        put(place, key=key, body=b"")
    answer = place.signer().send("GET", "/table", [("list-type", "2"), ("prefix", "list/"), ("start-after", "list/b/1")])
    assert answer.body.count(b"<Contents>") == 2, answer.body
    return answer


@row("a token that is none", 400, "InvalidArgument", (200, ""))
def _(place):
    return place.signer().send("GET", "/table", [("list-type", "2"), ("continuation-token", "-")])


def run(places):
    passed = failed = 0
    for r in ROWS:
        for name, place in places.items():
            want = r.gateway if name == "versitygw" and r.gateway else r.want
            try:
                answer = r.ask(place)
                got = (answer.status, answer.code)
                problem = "" if got == want else f"{got}, want {want}"
            except AssertionError as error:
                problem = f"not as it should be: {str(error)[:300]}"
            except Exception as error:  # whatever a row throws is its failure, not the end of the run
                problem = repr(error)
            passed, failed = passed + (not problem), failed + bool(problem)
            if problem:
                print(f"FAILED {name}: {r.name}: {problem}")
    print(f"{passed} passed, {failed} failed")
    return failed


def main():
    with tempfile.TemporaryDirectory(prefix="fault-server-") as folder, fault_server.running("--bucket", "table") as ours:
        places = {"hawser-fault-server": Place(ours.url, fault_server.KEY_ID, fault_server.SECRET)}
        if not gateway or not gateway.find():
            print("SKIPPED versitygw is not here")
            sys.exit(run(places) > 0)
        with gateway.running(pathlib.Path(folder)) as theirs:
            theirs.s3.create_bucket(Bucket="table")
            places["versitygw"] = Place(theirs.url, gateway.KEY_ID, gateway.SECRET)
            sys.exit(run(places) > 0)


if __name__ == "__main__":
    main()
