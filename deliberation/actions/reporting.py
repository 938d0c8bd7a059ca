from deliberation import locks, record
from deliberation.actions.errors import NothingToReport
from deliberation.exports.credential import issuer, sign_report
from deliberation.exports.report import digest_of, freeze
from deliberation.models import Assembly, ConsensusMap, Participant, Report, Summary
from deliberation.record.coverage import size_counted


def make_report(assembly: Assembly, by: Participant | None) -> Report:
    """Freeze what the assembly has come to and number it. Raises NothingToReport before the first map."""
    with locks.locked(locks.REPORTING, assembly.pk), locks.one_moment():
        newest = ConsensusMap.objects.filter(assembly=assembly).first()
        if newest is None:
            raise NothingToReport
        snapshot = freeze(assembly, newest, Summary.objects.filter(assembly=assembly, state="published").first())
        last = Report.objects.filter(assembly=assembly).first()
        report = Report.objects.create(
            assembly=assembly,
            version=(last.version if last else 0) + 1,
            snapshot=snapshot,
            digest=digest_of(snapshot),
            made_by=by,
        )
        sign_report(report)
        content = {"sha256": report.digest, "record": size_counted(newest), "issuer": issuer()}
        record.append(assembly, type="export", id=f"report-{report.version}", content=content)
    return report
