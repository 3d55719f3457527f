select
    return_id,
    organization_id,
    order_id,
    line_number,
    reason,
    returned_at
from {{ ref('raw_returns') }}
