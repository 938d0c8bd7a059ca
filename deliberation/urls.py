from django.urls import path, register_converter

from deliberation.consumers import AssemblyConsumer
from deliberation.views import (
    assembly,
    consensus_map,
    contributions,
    deck,
    desk,
    home,
    joining,
    moderation,
    people,
    proposals,
    receipts,
    record,
    reports,
    statements,
    summaries,
)

register_converter(moderation.KindOfContribution, "kind")

handler400 = "deliberation.views.errors.bad_request"
handler403 = "deliberation.views.errors.forbidden"
handler404 = "deliberation.views.errors.not_found"
handler500 = "deliberation.views.errors.server_error"

A = "a/<slug:slug>/"
DESK = A + "desk/"

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("language/", home.choose_language, name="language"),
    path("leave/", home.leave, name="leave"),
    path("enter/", joining.enter, name="enter"),
    path("styleguide/", home.styleguide, name="styleguide"),
    path(A, assembly.assembly, name="assembly"),
    path(A + "join/", joining.join, name="join"),
    path(A + "welcome/", joining.welcome, name="welcome"),
    path(A + "kit/", assembly.kit, name="kit"),
    path(A + "deck/", deck.deck, name="deck"),
    path(A + "statements/", statements.statements, name="statements"),
    path(A + "statements/new/", statements.new_statement, name="new_statement"),
    path(A + "statements/<slug:public_id>/votes/", deck.vote, name="vote"),
    path(A + "votes/", statements.votes, name="votes"),
    path(A + "map/", consensus_map.show, name="map"),
    path(A + "map/how/", consensus_map.how, name="map_how"),
    path(A + "map/words/", consensus_map.words, name="map_words"),
    path(A + "map/current.json", consensus_map.current, name="map_json"),
    path(A + "projector/", consensus_map.projector, name="projector"),
    path(A + "projector/words/", consensus_map.projector_words, name="projector_words"),
    path(A + "proposals/", proposals.proposals, name="proposals"),
    path(A + "proposals/<slug:public_id>/", proposals.proposal, name="proposal"),
    path(A + "proposals/<slug:public_id>/arguments/", proposals.arguments, name="arguments"),
    path(A + "summary/", summaries.show, name="summary"),
    path(A + "summaries/", summaries.write, name="summaries"),
    path(A + "report/", reports.show, name="report"),
    path(A + "reports/", reports.make, name="reports"),
    path(A + "reports/<int:version>/", reports.show, name="report_version"),
    path(A + "record/", record.record, name="record"),
    path(A + "record/checkpoints/<int:size>.txt", record.checkpoint, name="record_checkpoint"),
    path(A + "record/entries.json", record.entries, name="record_entries"),
    path(A + "record/proof/<int:sequence>.json", record.proof, name="record_proof"),
    path(A + "record/bundle.zip", record.bundle, name="record_bundle"),
    path(A + "record/checks/", receipts.checks, name="record_checks"),
    path(A + "mine/recovery-codes/", joining.recovery_codes, name="recovery_codes"),
    path(A + "mine/receipts/", receipts.receipts, name="receipts"),
    path(A + "mine/receipts.json", receipts.receipts_json, name="receipts_json"),
    path(A + "mine/receipts.txt", receipts.receipts_text, name="receipts_text"),
    path(A + "moderation/", moderation.log, name="moderation_log"),
    path(A + "mine/", contributions.mine, name="mine"),
    path(A + "mine/<kind:kind>/<slug:public_id>/withdrawals/", contributions.withdrawals, name="withdrawals"),
    path(A + "mine/<kind:kind>/<slug:public_id>/restorations/", contributions.restorations, name="restorations"),
    path(DESK, desk.desk, name="desk"),
    path(DESK + "phases/<int:position>/openings/", desk.openings, name="phase_openings"),
    path(DESK + "phases/<int:position>/closings/", desk.closings, name="phase_closings"),
    path(DESK + "phases/<int:position>/results/", desk.results, name="phase_results"),
    path(DESK + "statements/", moderation.queue, name="moderation_queue"),
    path(DESK + "<kind:kind>/<slug:public_id>/decisions/", moderation.decisions, name="decisions"),
    path(DESK + "people/", people.people, name="people"),
    path(DESK + "people/<slug:public_id>/roles/", people.roles, name="roles"),
    path(DESK + "invitations/", people.invitations, name="invitations"),
    path(DESK + "invitations/kept/", people.invitations_kept, name="invitations_kept"),
    path(DESK + "invitations/<slug:batch>/revocations/", people.revocations, name="revocations"),
]

websocket_urlpatterns = [path("ws/" + A, AssemblyConsumer.as_asgi())]
