"""Static files with names that change with their content, imports inside modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """app.js imports govuk.js by name; the manifest storage rewrites that import as well."""

    support_js_module_import_aggregation = True
