"""Link boxes: two browsers of one person leave each other sealed parts, and the server sees no more than that."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from keys import clock
from keys.models import Account, LinkBox, LinkPart
from talk2me.errors import IdConflict, LinkPartTaken, NotFound, TooLarge

SECONDS = 300
MOST_FOR_EACH_ACCOUNT = 3
MAX_PART_BYTES = 16 * 1024


def make_link_box(account_id: bytes, box_id: bytes) -> int:
    """Make a box of the account and return the seconds it stays; older ones go when there are too many.

    The same one again changes nothing. Raises IdConflict when another account has a box of that id.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().get(uid=account_id)
        _delete(LinkBox.objects.filter(uid=box_id, expires__lte=clock.now()))
        found = account.link_boxes.filter(uid=box_id).first() or _create(account, box_id)
        newest = account.link_boxes.order_by("-pk").values_list("pk", flat=True)[:MOST_FOR_EACH_ACCOUNT]
        _delete(account.link_boxes.exclude(pk__in=list(newest)))
    return clock.seconds_until(found.expires)


def put_link_part(box_id: bytes, number: int, body: bytes) -> None:
    """Store a part. The same bytes again change nothing. Raises NotFound, LinkPartTaken, TooLarge."""
    if len(body) > MAX_PART_BYTES:
        raise TooLarge
    with transaction.atomic():
        # Held, so that the box does not go between the look and the part.
        box = _live(box_id, held=True)
        part, is_new = LinkPart.objects.get_or_create(box=box, number=number, defaults={"body": body})
    if not is_new and part.body != body:
        raise LinkPartTaken


def read_link_part(box_id: bytes, number: int) -> bytes | None:
    """Return a part, or None as long as it is not there. Raises NotFound."""
    return LinkPart.objects.filter(box=_live(box_id), number=number).values_list("body", flat=True).first()


def account_of_link_box(box_id: bytes) -> bytes:
    """Return whose box it is, to who has its id: that browser is about to become a device. Raises NotFound."""
    return _live(box_id).account.uid


def delete_link_box(account_id: bytes, box_id: bytes) -> None:
    """Delete a box of the account, if it is there."""
    with transaction.atomic():
        _delete(LinkBox.objects.filter(uid=box_id, account__uid=account_id))


def _live(box_id: bytes, *, held: bool = False) -> LinkBox:
    boxes = LinkBox.objects.filter(uid=box_id, expires__gt=clock.now(), account__suspended=False)
    if held:
        boxes = boxes.select_for_update(of=("self",))
    box = boxes.select_related("account").first()
    if box is None:
        raise NotFound
    return box


def _delete(boxes: QuerySet[LinkBox]) -> None:
    """Delete boxes, waiting for parts that are just being written into them."""
    held = list(boxes.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    LinkBox.objects.filter(pk__in=held).delete()


def _create(account: Account, box_id: bytes) -> LinkBox:
    try:
        with transaction.atomic():
            return LinkBox.objects.create(uid=box_id, account=account, expires=clock.in_seconds(SECONDS))
    except IntegrityError as error:
        raise IdConflict from error
