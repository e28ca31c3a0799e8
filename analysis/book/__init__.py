"""Running the chapters, drawing their charts and assembling the site."""

import sys

# jsonschema looks for this checker of internationalised addresses, whose grammar takes seconds to compile in each
# process; no schema here asks for one. It then behaves as where the package is not installed.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
