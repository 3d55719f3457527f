select
    items.order_id,
    items.line_number,
    items.organization_id,
    items.product_id,
    items.quantity,
    items.unit_price,
    items.line_total,
    orders.ordered_at
from {{ ref('stg_order_items') }} as items
inner join {{ ref('stg_orders') }} as orders using (order_id)
