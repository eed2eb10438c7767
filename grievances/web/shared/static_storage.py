"""Static file storage with content hashes in file names and module imports."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """A manifest storage that also rewrites imports inside modules.

    app.js imports govuk.js by name.
    """

    support_js_module_import_aggregation = True
