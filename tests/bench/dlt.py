"""dlt with one table, for the table of tests/it/bench.rs. Needs dlt with its part for PostgreSQL."""

import os
import sys

# This file has the name of what it imports.
sys.path = [path for path in sys.path if path != os.path.dirname(os.path.abspath(__file__))]

import dlt  # noqa: E402
from dlt.sources.rest_api import rest_api_source  # noqa: E402

orders = {
    "name": "orders",
    "primary_key": "id",
    "write_disposition": "merge",
    "endpoint": {
        "path": "orders",
        "params": {
            "per_page": 100,
            "orderby": "modified",
            "order": "asc",
            "dates_are_gmt": "true",
            "modified_after": "{incremental.start_value}",
        },
        "incremental": {"cursor_path": "date_modified_gmt", "initial_value": "2000-01-01T00:00:00"},
    },
}
source = rest_api_source({
    "client": {
        "base_url": os.environ["WOO_URL"].rstrip("/") + "/wp-json/wc/v3/",
        "auth": {"type": "http_basic", "username": os.environ["WOO_KEY"], "password": os.environ["WOO_SECRET"]},
        # The links of this shop are as if it were behind TLS, which it is not.
        "paginator": {"type": "page_number", "base_page": 1, "total_path": None, "stop_after_empty_page": True},
    },
    "resources": [orders],
})
source.max_table_nesting = 0
pipeline = dlt.pipeline(
    "bench", destination=dlt.destinations.postgres(os.environ["PG_URL"]), dataset_name="bench_dlt", pipelines_dir=os.environ["HOME"] + "/dlt"
)
print(pipeline.run(source))
