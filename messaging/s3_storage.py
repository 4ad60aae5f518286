"""Parts of attachments in an object store that speaks S3; needs `requirements-s3.txt`."""

from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from storages.backends.s3 import S3Storage

# A browser waits while a part is stored, and so does whatever wants the row of its attachment.
PATIENCE = {"connect_timeout": 5, "read_timeout": 20, "retries": {"total_max_attempts": 2}}
# Many stores know none of Amazon's newer checksums, and what is stored here is checked by whoever opens it.
PLAIN = {"request_checksum_calculation": "when_required", "response_checksum_validation": "when_required"}


class S3PartStorage(S3Storage):  # type: ignore[misc]  # it has no types
    """django-storages' S3, which does not wait for minutes; an object is there whole or not at all."""

    def __init__(self, **options: Any) -> None:
        config = Config(signature_version="s3v4", **PATIENCE, **PLAIN)
        # A part is small: one request, in the thread that asks.
        transfer = TransferConfig(use_threads=False)
        super().__init__(client_config=config, transfer_config=transfer, default_acl=None, **options)
