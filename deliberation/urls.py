from django.urls import path

from deliberation.consumers import AssemblyConsumer
from deliberation.views import assembly, consensus_map, deck, home, joining, proposals, reports, statements, summaries

handler400 = "deliberation.views.errors.bad_request"
handler403 = "deliberation.views.errors.forbidden"
handler404 = "deliberation.views.errors.not_found"
handler500 = "deliberation.views.errors.server_error"

A = "a/<slug:slug>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("language/", home.choose_language, name="language"),
    path("leave/", home.leave, name="leave"),
    path("enter/", joining.enter, name="enter"),
    path("styleguide/", home.styleguide, name="styleguide"),
    path(A, assembly.assembly, name="assembly"),
    path(A + "join/", joining.join, name="join"),
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
    path(A + "proposals/", proposals.proposals, name="proposals"),
    path(A + "proposals/<slug:public_id>/", proposals.proposal, name="proposal"),
    path(A + "proposals/<slug:public_id>/arguments/", proposals.arguments, name="arguments"),
    path(A + "summary/", summaries.show, name="summary"),
    path(A + "summaries/", summaries.write, name="summaries"),
    path(A + "report/", reports.show, name="report"),
    path(A + "reports/", reports.make, name="reports"),
    path(A + "reports/<int:version>/", reports.show, name="report_version"),
]

websocket_urlpatterns = [path("ws/" + A, AssemblyConsumer.as_asgi())]
