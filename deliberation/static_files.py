from whitenoise.storage import CompressedManifestStaticFilesStorage


class FingerprintedFiles(CompressedManifestStaticFilesStorage):
    """Every file under a name made from its content, also where one JavaScript module imports another."""

    support_js_module_import_aggregation = True
