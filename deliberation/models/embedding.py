import hashlib

from django.db import models
from django.db.models import Func, Value


class Embedding(models.Model):
    """The vector of a text under one encoder, kept so that the same text is never encoded twice."""

    text_digest = models.BinaryField(max_length=32)
    encoder = models.CharField(max_length=64, help_text="SHA-256 of what identifies the encoder.")
    vector = models.BinaryField(help_text="Little-endian float32.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text_digest", "encoder"], name="one_embedding_a_text_and_encoder")
        ]

    def __str__(self) -> str:
        return f"embedding {self.pk}"


class TextDigest(Func):
    """`text_digest`, computed by the database."""

    function = "sha256"
    output_field = models.BinaryField()

    def __init__(self, text: models.F) -> None:
        super().__init__(Func(text, Value("UTF8"), function="convert_to", output_field=models.BinaryField()))


def text_digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
