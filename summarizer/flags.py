"""Texts a model must not read: they address the machine instead of the assembly, or name a person's particulars.

A flag takes a text out of model input and out of the candidates for quotation. It never hides the text and never
takes it out of a count; prompts alone do not stop small models from obeying such texts (Greshake et al. 2023,
arXiv 2302.12173).
"""

import re
from typing import Literal

from summarizer.text import fold, normalise

Flag = Literal["injection", "personal data"]

_MACHINE = r"(?:ai|model|assistant|chat ?bot|chatgpt|gpt|llm|bot|summari[sz]er|asisten|perangkum|peringkas|mesin)"
_DIRECTIONS = r"(?:instructions?|prompts?|rules|directions?|guidelines|instruksi|perintah|petunjuk|aturan|arahan)"
_FORGET = r"(?:ignore|disregard|forget|override|bypass|skip|drop|abaikan|lupakan|hiraukan|acuhkan|kesampingkan|langgar)"
_BE = r"(?:you are|act as|pretend to be|behave as|(?:kamu|anda) adalah|bertindaklah sebagai|berperanlah sebagai)"
_TO = r"(?:as an|dear|hey|note to|attention|to the|sebagai|halo|kepada|untuk|catatan untuk|perhatian)"
_SAY_EN = r"(?:summari[sz]e|rewrite|report|conclude|output|print|repeat|respond|reply|answer|say|write|translate)"
_SAY_ID = r"(?:ringkas|rangkum|tulis|simpulkan|laporkan|cetak|ulangi|jawab|balas|katakan|keluarkan)(?:lah|kan)?"
_WHAT_EN = r"(?:that every(?:one|body)|that all|as follows|only with|with only|exactly|only the word|in json)"
_WHAT_ID = r"(?:bahwa semua|hanya dengan|sebagai berikut|persis|hanya kata|kalimat (?:ini|berikut)|dalam json)"
_INJECTION = [
    rf"\b{_FORGET}\b.{{0,40}}\b(?:{_DIRECTIONS}|above|previous|prior|arguments|di ?atas|sebelumnya|argumen)\b",
    rf"\b(?:new|updated|system|hidden|developer)\s+(?:{_DIRECTIONS}|message)\b",
    rf"\b(?:{_DIRECTIONS}|pesan)\s+(?:baru|sistem|tersembunyi|pengembang)\b",
    rf"\b{_BE}\b.{{0,30}}\b(?:{_MACHINE}|now|sekarang|dan|developer|admin|unrestricted)\b",
    rf"\b{_TO}\s+{_MACHINE}\b",
    rf"\b{_SAY_EN}\b.{{0,30}}\b{_WHAT_EN}\b",
    rf"\b{_SAY_ID}\b.{{0,30}}\b{_WHAT_ID}\b",
    r"\b(?:in|within)\s+(?:your|the|this)\s+summary\b.{0,40}\b(?:say|write|put|include|mention|state|omit)\b",
    r"\b(?:dalam|di)\s+(?:ringkasan|rangkuman)\b.{0,40}\b(?:tulis|sebut|masukkan|katakan|hapus)",
    r"\b(?:do not|don't|never)\b.{0,25}\b(?:summari[sz]e|cite|mention)\b.{0,40}\b(?:argument|other|participant)s?\b",
    r"\bjangan\b.{0,25}\b(?:ringkas|rangkum|kutip|sebut|meringkas|merangkum|mengutip|menyebut).{0,40}\b(?:argumen|peserta)",
    r"<\|?/?(?:im_start|im_end|system|user|assistant|endoftext|inst)\|?>|\[/?inst\]|<</?sys>>",
    r"(?:^|\n)\s*(?:#{2,}\s*)?(?:system|assistant|user|sistem|asisten|instructions?|instruksi)\s*(?::|\n)",
    r"\b(?:jailbreak|prompt injection|end of (?:prompt|input|arguments)|akhir (?:dari )?(?:prompt|masukan|argumen))\b",
    r"\b(?:your|reveal the|show the|tampilkan|bocorkan)\s+(?:hidden |system |initial )?prompt\b",
]
_PERSONAL = [
    r"[\w.+-]+@[\w-]+\.[\w.]+",
    r"(?:\+62|\b62|\b0)8\d{1,2}[ -]?\d{3,4}[ -]?\d{3,5}\b",
    r"\+\d{1,3}[ -]?\d{2,4}[ -]?\d{3,4}[ -]?\d{3,4}\b",
    r"\b\d{16}\b",
]
_INJECTION_PATTERNS = [re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in _INJECTION]
_PERSONAL_PATTERNS = [re.compile(pattern) for pattern in _PERSONAL]


def flag(text: str) -> Flag | None:
    """Why a model should not read this text, or None."""
    plain = normalise(text)
    if any(pattern.search(plain) or pattern.search(fold(plain)) for pattern in _INJECTION_PATTERNS):
        return "injection"
    if any(pattern.search(plain) for pattern in _PERSONAL_PATTERNS):
        return "personal data"
    return None
