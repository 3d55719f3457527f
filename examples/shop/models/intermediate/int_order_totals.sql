select
    order_id,
    count(*) as line_count,
    sum(line_total)::numeric(12, 2) as order_total
from {{ ref('stg_order_items') }}
group by order_id
