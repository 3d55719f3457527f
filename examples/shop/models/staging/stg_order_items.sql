select
    order_id,
    line_number,
    organization_id,
    product_id,
    quantity,
    unit_price,
    (quantity * unit_price)::numeric(12, 2) as line_total
from {{ ref('raw_order_items') }}
