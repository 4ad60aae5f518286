"""The endpoints of the key log (docs/key_log.md 4). All but one are for anybody: who audits needs no account."""

from django.http import HttpResponse

from keys import schemas, services
from keys.api import Answer, Call, as_number, by_method, endpoint
from keys.key_log.submission import MOST_BYTES

TEXT = "text/plain; charset=utf-8"


@endpoint(schemas.Nothing, signed_in=True)
def _directory(call: Call[schemas.Nothing]) -> Answer:
    """Tell the directory key, by which names are found in the log, to those who could look names up anyway."""
    return services.read_directory(as_number(call.request, "since", 0))


@endpoint(schemas.Nothing, signed_in=False)
def _news(call: Call[schemas.Nothing]) -> Answer:
    return {"log": services.read_log(as_number(call.request, "since", 0))}


@endpoint(schemas.Nothing, signed_in=False)
def _checkpoint(call: Call[schemas.Nothing]) -> Answer:
    cosigned = as_number(call.request, "cosigned", 0) > 0
    return HttpResponse(services.read_cosigned() if cosigned else services.read_checkpoint(), content_type=TEXT)


@endpoint(schemas.Nothing, signed_in=False)
def _leaves(call: Call[schemas.Nothing]) -> Answer:
    found = services.read_leaves(as_number(call.request, "from"), as_number(call.request, "to"))
    return HttpResponse(found, content_type="application/octet-stream")


@endpoint(schemas.Nothing, signed_in=False)
def _consistency(call: Call[schemas.Nothing]) -> Answer:
    return {"proof": services.read_consistency(as_number(call.request, "from"), as_number(call.request, "to"))}


@endpoint(schemas.Nothing, signed_in=False)
def _inclusion(call: Call[schemas.Nothing]) -> Answer:
    return {"proof": services.read_inclusion(as_number(call.request, "position"), as_number(call.request, "size"))}


@endpoint(bytes, signed_in=False, body_bytes=MOST_BYTES)
def _add_checkpoint(call: Call[bytes]) -> Answer:
    """Witness another server's log. C2SP tlog-witness says the statuses; who asks is a program."""
    try:
        return HttpResponse(services.cosign_checkpoint(call.body), content_type=TEXT)
    except services.NotSigned:
        return HttpResponse("no signature of a known key holds\n", status=403, content_type=TEXT)
    except services.NotNext as refused:
        return HttpResponse(f"{refused.size}\n", status=409, content_type="text/x.tlog.size")
    except services.NotProven:
        return HttpResponse("the proof does not hold\n", status=422, content_type=TEXT)


directory = by_method(GET=_directory)
news = by_method(GET=_news)
checkpoint = by_method(GET=_checkpoint)
leaves = by_method(GET=_leaves)
consistency = by_method(GET=_consistency)
inclusion = by_method(GET=_inclusion)
add_checkpoint = by_method(POST=_add_checkpoint)
