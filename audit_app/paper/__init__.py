"""Paper out: blank forms to write on, and finished reports, as tagged PDF and as pages that print well."""
