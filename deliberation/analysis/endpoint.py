"""A drafting model behind an address that speaks the OpenAI chat protocol, for operators who run a larger one."""

import logging
from collections.abc import Sequence

import httpx

from summarizer.models import ModelCard, ModelUnavailableError
from summarizer.prompt import PROMPT_SHA256, first_line, messages

logger = logging.getLogger(__name__)
PATIENCE = 60  # seconds for one sentence
MOST_TOKENS = 80


class EndpointModel:
    """See summarizer.generation.Generator. What weights answer there nobody here can check, and the card says so."""

    def __init__(self, url: str, model: str, key: str, languages: frozenset[str]) -> None:
        host = httpx.URL(url).host
        self.card = ModelCard(model, "set by the endpoint", "not known", "not stated", "not known", f"endpoint {host}")
        self.prompt_sha256 = PROMPT_SHA256
        self.languages = languages
        self._address = f"{url.rstrip('/')}/chat/completions"
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def draft(self, sources: Sequence[str], language: str) -> str:
        """Raises ModelUnavailableError when the endpoint does not answer as it should."""
        asked = {
            "model": self.card.model_id,
            "messages": messages(sources[0], language),
            "temperature": 0,
            "seed": 0,
            "max_tokens": MOST_TOKENS,
        }
        try:
            answer = httpx.post(self._address, json=asked, headers=self._headers, timeout=PATIENCE).raise_for_status()
            return first_line(str(answer.json()["choices"][0]["message"]["content"] or ""))
        except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
            raise ModelUnavailableError(f"The drafting endpoint did not answer ({type(error).__name__}).") from error
